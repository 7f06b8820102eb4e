import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { listSslModes } from '../adobe/connectionSpec';
import type { Sandbox } from '../adobe/sandboxes';
import { listSandboxes } from '../adobe/sandboxes';
import type { ItemClient } from '../platform/client';
import { SSL_MODES } from '../postgresql/sslMode';
import { withClient } from './editorClient';

/** The sandboxes to choose from: those that the credential may use and that can be worked in. */
export async function getSandboxes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	// In the credential's own sandbox: the one under Options is only being chosen.
	const usable = await withClient(this, listUsableSandboxes, () => undefined);
	// An option that was just added is empty, which the editor would show as a fault otherwise.
	return [{ name: 'As in the Credential', value: '' }, ...usable];
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

/**
 * The values of SSL Mode: those of the live connection spec, or the documented ones where it
 * lists none or can't be read (Adobe's documents disagree on their spelling).
 */
export async function getSslModes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const documented =
		this.getCurrentNodeParameter('cloud') === 'aws' ? SSL_MODES.aws : SSL_MODES.azure;
	try {
		const listed = await withClient(this, listSslModes);
		if (listed.length === 0) return [...documented];
		const known = new Map(documented.map((option) => [option.value, option]));
		return listed.map((value) => known.get(value) ?? { name: value, value });
	} catch {
		return [...documented];
	}
}
