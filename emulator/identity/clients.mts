import { randomBytes, randomUUID } from 'node:crypto';

/**
 * What a role can allow on schemas, datasets and identities, by its name in Adobe's interface: general knowledge
 * of Experience Platform ⚠UNV.
 */
export type DataPermission =
	| 'View Schemas'
	| 'Manage Schemas'
	| 'View Datasets'
	| 'Manage Datasets'
	| 'View Identity Namespaces';

/** A Developer Console credential and what an administrator granted it: flow-service.md 1.1, 1.4. */
export interface Client {
	clientId: string;
	clientSecret: string;
	/** The organization that the credential belongs to, `…@AdobeOrg`. */
	orgId: string;
	/** Scopes that IMS grants. */
	scopes: string[];
	/** Sandboxes of the organization in which it has a role. */
	sandboxes: string[];
	/** `EnterpriseSource` permissions of its roles: `read` is view, `write` is manage. */
	permissions: Array<'read' | 'write'>;
	/** Permissions of its roles on schemas, datasets and identities. */
	dataPermissions: DataPermission[];
	/** Whether a product profile was picked; without it the gateway rejects the client. */
	productProfile: boolean;
	/** Whether Flow Service finds the technical account in the organization. */
	orgAccess: boolean;
	/** Whether its project has the I/O Management API: flow-service-more.md 9.1. */
	ioManagement: boolean;
	/** The technical account, shown as `createdBy`. */
	technicalAccountId: string;
}

/** flow-service.md 1.1: the scopes of a credential for Experience Platform. */
const SCOPES = [
	'openid',
	'session',
	'AdobeID',
	'read_organizations',
	'additional_info.projectedProductContext',
	// flow-service-more.md 9.1: for Adobe I/O Events.
	'adobeio_api',
];

/** Identity in Adobe's notation: 24 upper-case hexadecimal digits and a domain. */
export function adobeId(domain: string): string {
	return `${randomBytes(12).toString('hex').toUpperCase()}@${domain}`;
}

/** The credentials that IMS and the gateway know. */
export class Clients {
	private readonly byId = new Map<string, Client>();

	constructor(readonly defaultOrgId: string) {}

	/** Adds a client; by default its IDs are random and everything is allowed. */
	add(given: Partial<Client> = {}): Client {
		const client: Client = {
			clientId: randomUUID().replaceAll('-', ''),
			clientSecret: `p8e-${randomBytes(24).toString('base64url')}`,
			orgId: this.defaultOrgId,
			scopes: [...SCOPES],
			sandboxes: ['prod', 'dev'],
			permissions: ['read', 'write'],
			dataPermissions: [
				'View Schemas',
				'Manage Schemas',
				'View Datasets',
				'Manage Datasets',
				'View Identity Namespaces',
			],
			productProfile: true,
			orgAccess: true,
			ioManagement: true,
			technicalAccountId: adobeId('techacct.adobe.com'),
			...given,
		};
		this.byId.set(client.clientId, client);
		return client;
	}

	all(): Client[] {
		return [...this.byId.values()];
	}

	find(clientId: string): Client | undefined {
		return this.byId.get(clientId);
	}

	/** Whether any client belongs to that organization. */
	isKnownOrg(orgId: string): boolean {
		return orgId === this.defaultOrgId || [...this.byId.values()].some((c) => c.orgId === orgId);
	}
}
