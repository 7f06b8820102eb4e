import type { Handler } from '../../http/routes.mts';
import type { Caller, Place } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import { checkIfMatch } from '../etag.mts';
import { completed } from '../flowEntityStore.mts';
import { FlowError } from '../flowErrors.mts';
import type { StoredSourceConnection, StoredTargetConnection } from '../flows/flowParts.mts';
import { isUsed } from '../flows/flowUse.mts';
import { readJson } from '../input.mts';
import { applyPatch, readPatch } from '../jsonPatch.mts';
import type { Listed } from '../listing/listing.mts';
import { findRequested, type WritableResource } from '../resource.mts';

/**
 * PATCH of a source or target connection. flow-service.md 11 (15) ⚠UNV: the shape of the answer;
 * here it is the one that others have.
 *
 * @param patchable the paths that may be changed
 * @param read checks the connection with its changes applied
 */
export function patchFlowEnd<
	T extends StoredSourceConnection | StoredTargetConnection,
	S extends Listed & Place,
>(
	resource: WritableResource<T, S>,
	patchable: RegExp,
	read: (body: unknown, state: EmulatorState, caller: Caller) => Partial<T>,
): Handler {
	return (state, request) => {
		const { caller, entity } = findRequested(resource, state, request, 'manage');
		checkIfMatch(request, entity.etag);
		const operations = readPatch(readJson(request));
		const { name, description, data, params } = entity;
		const target = structuredClone({ name, description, data, params });
		applyPatch(target, operations, patchable);
		const changes = { description: undefined, ...read(target, state, caller) };
		resource.storeOf(state).update(entity, changes, caller.client, completed('update'));
		return { id: entity.id, etag: entity.etag };
	};
}

/**
 * flow-service.md 2.6.1, 1447; that a disabled flow counts as an active one is ⚠UNV.
 *
 * @throws FlowError 1447
 */
export function checkUnused(state: EmulatorState, { id }: { id: string }): void {
	if (!isUsed(state, id)) return;
	throw new FlowError('FLOW-1447-400', `Active flows contain the id ${id}. Delete them first.`);
}
