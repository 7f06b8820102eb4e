import type { Client } from './clients.mts';
import type { Sandbox } from './sandboxes.mts';

/** Who sends a request, and to which sandbox. */
export interface Caller {
	client: Client;
	orgId: string;
	sandbox: Pick<Sandbox, 'id' | 'name'>;
}

/** The organization and sandbox that something belongs to. */
export interface Place {
	imsOrgId: string;
	sandboxName: string;
}

/** Who created an entity, and where. */
export interface Origin extends Place {
	createdBy: string;
	updatedBy: string;
	createdClient: string;
	updatedClient: string;
	sandboxId: string;
}

/** The caller as the creator of an entity. */
export function originOf({ client, orgId, sandbox }: Caller): Origin {
	return {
		createdBy: client.technicalAccountId,
		updatedBy: client.technicalAccountId,
		createdClient: client.clientId,
		updatedClient: client.clientId,
		sandboxId: sandbox.id,
		sandboxName: sandbox.name,
		imsOrgId: orgId,
	};
}

/** Whether an entity belongs to the caller's organization and sandbox. */
export function isVisible(entity: Place, { orgId, sandbox }: Caller): boolean {
	return entity.imsOrgId === orgId && entity.sandboxName === sandbox.name;
}
