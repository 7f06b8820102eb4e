import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { Sandbox } from '../adobe/sandboxes';
import { listSandboxes } from '../adobe/sandboxes';
import type { ItemClient } from '../platform/client';
import { withClient } from './editorClient';

/** The sandboxes to choose from: active ones that the credential may use. */
export async function getSandboxes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	// In the credential's own sandbox: the one under Options is only being chosen.
	const usable = await withClient(this, listUsableSandboxes, () => undefined);
	// An option that was just added is empty, which the editor would otherwise show as an error.
	return [{ name: 'Sandbox From Credential', value: '' }, ...usable];
}

/** @throws UserError when there is none, which an empty list would not say */
async function listUsableSandboxes(client: ItemClient): Promise<INodePropertyOptions[]> {
	const usable = (await listSandboxes(client)).filter(({ state }) => state === 'active');
	if (usable.length === 0) {
		throw new UserError('Adobe lists no active sandbox for this credential', {
			description:
				'In Experience Platform > Permissions > Roles, open a role that lists the credential under API credentials, and give it a sandbox.',
		});
	}
	return usable.map(toOption).sort((a, b) => a.name.localeCompare(b.name));
}

function toOption({ name, title, type }: Sandbox): INodePropertyOptions {
	return {
		name: title === undefined ? name : `${title} (${name})`,
		value: name,
		...(type === undefined ? {} : { description: `Type: ${type}` }),
	};
}
