import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { BaseConnection } from '../flowService/connections';
import { listConnections } from '../flowService/connections';
import { listSslModes } from '../flowService/connectionSpecs';
import { listTables } from '../flowService/explore';
import type { Sandbox } from '../flowService/sandboxes';
import { listSandboxes } from '../flowService/sandboxes';
import { SANDBOX_LABEL } from '../operations/options';
import type { ItemClient } from '../platform/client';
import { PlatformClient } from '../platform/client';
import { checkSandboxName } from '../platform/imsCredential';
import { toNodeError } from '../platform/nodeError';
import { asRecord, textOf } from '../platform/shape';
import { SSL_MODES } from '../postgresql/sslMode';
import { connectionUrl } from './connection/connectionUrl';

const PAGE_SIZE = 100;
const EDITOR_TIMEOUT_MS = 30_000;
const ONE_REQUEST_AT_A_TIME = 1;

/** The list of a connection locator: PostgreSQL base connections by name, page by page. */
export async function searchConnections(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withClient(this, async (client) => {
		const wanted = filter?.trim().toLowerCase() ?? '';
		let continuationToken = paginationToken;
		// Flow Service filters by whole names only. Pages without a hit are passed over, so that
		// the editor does not show an empty list while more follow.
		for (;;) {
			const page = await listConnections(client, {
				limit: PAGE_SIZE,
				orderBy: 'name',
				continuationToken,
			});
			const results = page.items
				.map((connection) => connectionItem(client, connection))
				.filter(
					({ name, value }) =>
						wanted === '' || name.toLowerCase().includes(wanted) || value === wanted,
				);
			continuationToken = page.next;
			if (results.length > 0 || continuationToken === undefined) {
				return { results, paginationToken: continuationToken };
			}
		}
	});
}

/** A connection in the list of its locator, with a link to Experience Platform where one is known. */
export function connectionItem(
	client: Pick<ItemClient, 'platformOrigin' | 'sandboxName'>,
	{ id, name }: Pick<BaseConnection, 'id' | 'name'>,
): { name: string; value: string; url?: string } {
	return { name: name ?? id, value: id, url: connectionUrl(client, id) };
}

/** The list of a table locator: what Adobe sees in the database of the chosen connection. */
export async function searchTables(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return await withClient(this, async (client) => {
		const wanted = filter?.trim().toLowerCase() ?? '';
		const tables = await listTables(client, chosenConnection(this));
		return {
			results: tables
				.filter(({ path }) => path.toLowerCase().includes(wanted))
				.map(({ path }) => ({ name: path, value: path })),
		};
	});
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

async function withClient<T>(
	context: ILoadOptionsFunctions,
	work: (client: ItemClient) => Promise<T>,
	sandboxOf: (context: ILoadOptionsFunctions) => string | undefined = chosenSandbox,
): Promise<T> {
	let platform: PlatformClient | undefined;
	try {
		platform = await PlatformClient.open(context, ONE_REQUEST_AT_A_TIME);
		return await work(
			platform.forItem({ sandboxName: sandboxOf(context), timeoutMs: EDITOR_TIMEOUT_MS }),
		);
	} catch (error) {
		throw toNodeError(context.getNode(), error, { secrets: platform?.secrets() ?? [] });
	}
}

/** @throws UserError as long as no connection is chosen */
function chosenConnection(context: ILoadOptionsFunctions): string {
	const value = context.getCurrentNodeParameter('connectionId', { extractValue: true });
	const id = textOf(asRecord(value)?.value ?? value)?.trim();
	if (id === undefined || id.startsWith('=')) {
		throw new UserError("Choose a 'Connection' first", {
			description:
				"The tables of a connection that comes by expression are not known yet: give 'Table' by name.",
		});
	}
	return id;
}

/** The sandbox override as it is typed; an expression is not known before the execution. */
function chosenSandbox(context: ILoadOptionsFunctions): string | undefined {
	const typed = textOf(asRecord(context.getCurrentNodeParameter('options'))?.sandboxName);
	if (typed === undefined) return undefined;
	if (typed.startsWith('=')) {
		throw new UserError(
			`'${SANDBOX_LABEL}' under Options is an expression, which is not known yet`,
			{
				description:
					'Give the ID instead of choosing from the list, or choose the sandbox without an expression.',
			},
		);
	}
	return checkSandboxName(typed, `'${SANDBOX_LABEL}'`);
}
