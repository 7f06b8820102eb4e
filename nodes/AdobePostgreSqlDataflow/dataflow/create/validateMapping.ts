import type { Mapping } from '../../../flowService/mappingSets';
import { validateMappingSet } from '../../../flowService/mappingSets';
import type { ItemClient } from '../../../platform/client';
import { asIs, Problem } from '../../../platform/problem';
import { named } from './checkMapping';

const REFUSED = 400;

/**
 * Lets Adobe judge a mapping, calculations included, without making anything.
 *
 * @throws Problem with what Adobe holds against it
 */
export async function checkByAdobe(
	client: ItemClient,
	schemaId: string,
	mappings: readonly Mapping[],
): Promise<void> {
	const errors = await validateMappingSet(client, schemaId, mappings).catch((error: unknown) => {
		if (!(error instanceof Problem) || error.details.status !== REFUSED) throw asIs(error);
		throw error.with({ message: NOT_VALID, description: `${ADVICE} ${error.description}` });
	});
	if (errors.length === 0) return;
	throw new Problem(NOT_VALID, {
		description: `${ADVICE} Adobe says: ${named(errors)}.`,
		details: { operation: 'Create a dataflow', sandboxName: client.sandboxName },
		failure: { cause: 'configuration-invalid' },
	});
}

const NOT_VALID = 'Adobe does not accept the mapping';
const ADVICE = "Correct 'Mapping': its columns, its calculations or its fields.";
