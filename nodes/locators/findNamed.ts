import { findConnections } from '../adobe/connections';
import { findFlows } from '../adobe/dataflows';
import { findDataSetsNamed } from '../adobe/datasets';
import { MAX_NAMES_PER_FILTER } from '../adobe/filters/limits';
import { byNameOf, LookUps } from '../adobe/together/lookUps';
import type { ItemClient } from '../platform/client';
import { Problem } from '../platform/errors/problem';
import type { ReadOnce } from '../platform/keyed';

/** A resource that was found by its name. */
interface Found {
	id: string;
	name?: string;
	state?: string;
}

/** A kind of resource that is found by its name. */
export interface NamedKind {
	/** In messages, e.g. `connection`; its plural ends in -s. */
	one: string;
	/** All of exactly these names, those of PostgreSQL where others exist. */
	find(client: ItemClient, names: readonly string[]): Promise<Found[]>;
}

export const NAMED_CONNECTION: NamedKind = {
	one: 'connection',
	find: async (client, names) => await findConnections(client, { names }),
};

export const NAMED_DATAFLOW: NamedKind = {
	one: 'dataflow',
	find: async (client, names) => await findFlows(client, { names }),
};

export const NAMED_DATASET: NamedKind = {
	one: 'dataset',
	find: findDataSetsNamed,
};

const MAX_CANDIDATES_NAMED = 10;

/** For all items of an execution: names that are needed at the same moment go into one request. */
async function together(lookups: ReadOnce, { one, find }: NamedKind): Promise<LookUps<Found[]>> {
	return await lookups.read(`${one}s by name`, async () => {
		return new LookUps(MAX_NAMES_PER_FILTER, async (client, names) =>
			byNameOf(await find(client, names)),
		);
	});
}

/**
 * The ID of the only resource with a name. It is asked for once for all items of an execution, also
 * where there is none: what an item is told does not depend on its place.
 *
 * @param label of the parameter that holds the name
 * @throws Problem where none has it, and where several have it
 */
export async function theOneNamed(
	client: ItemClient,
	lookups: ReadOnce,
	kind: NamedKind,
	{ name, label }: { name: string; label: string },
): Promise<string> {
	const { one } = kind;
	const found = await lookups.read(`${client.scope} ${one} named ${name}`, async () => {
		return (await (await together(lookups, kind)).find(client, name)) ?? [];
	});
	const [only, ...others] = found;
	const sandbox = `the sandbox '${client.sandboxName}'`;
	const about = { operation: `Find a ${one} by its name`, sandboxName: client.sandboxName };
	if (only === undefined) {
		throw new Problem(`'${label}': no ${one} in ${sandbox} is named '${name}'`, {
			advice:
				'It may have been renamed or deleted. Names are case-sensitive: correct it, or choose one from the list. One that was created a moment ago may not be listed yet: use its ID.',
			details: { ...about, code: 'NAME_NOT_FOUND' },
			failure: { cause: 'configuration-invalid' },
		});
	}
	if (others.length === 0) return only.id;
	throw new Problem(`'${label}': ${found.length} ${one}s in ${sandbox} are named '${name}'`, {
		advice: `Matching ${one}s: ${candidates(found)}. Give the ID of one in the mode By ID, or rename or delete the others.`,
		details: { ...about, code: 'NAME_NOT_UNIQUE' },
		failure: { cause: 'configuration-invalid' },
	});
}

function candidates(found: readonly Found[]): string {
	const shown = found
		.slice(0, MAX_CANDIDATES_NAMED)
		.map(({ id, state }) => (state === undefined ? id : `${id} (${state})`))
		.join(', ');
	const more = found.length - MAX_CANDIDATES_NAMED;
	return more > 0 ? `${shown} and ${more} more` : shown;
}
