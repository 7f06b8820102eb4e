import type { FastifyRequest } from 'fastify';
import { header, query } from '../../http/call.mts';
import type { ApiRequest, RouteTable } from '../../http/routes.mts';
import { type Caller, originOf } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import { checkIfMatch } from '../etag.mts';
import { completed, type NewEntity } from '../flowEntityStore.mts';
import { FlowError } from '../flowErrors.mts';
import { members, readJson } from '../input.mts';
import { applyPatch, readPatch } from '../jsonPatch.mts';
import {
	createEntity,
	deleteEntity,
	findRequested,
	getEntity,
	listEntities,
	ORDER_FIELDS,
} from '../resource.mts';
import { type FlowSettings, readFlowSettings } from './flowInput.mts';
import type { StoredFlow } from './flowParts.mts';
import { describeFlow, type FlowView, stateOf, viewFlow } from './flowView.mts';
import { mappingOf } from './transformations.mts';

/** flow-service.md 2.7 */
const FILTER_FIELDS = [
	'id',
	'name',
	'description',
	'flowSpec.id',
	'state',
	'sourceConnectionIds[]',
	'targetConnectionIds[]',
];

/** flow-service.md 5.4 */
const PATCHABLE = /^\/(name|description|(scheduleParams|transformations|options|labels)(\/.+)?)$/;

const FLOWS = {
	name: 'flows',
	storeOf: ({ flows }: EmulatorState) => flows,
	describe: describeFlow,
	show: (_state: EmulatorState, described: FlowView) => viewFlow(described),
	isField,
	orderFields: ORDER_FIELDS,
};

/** `/flows`: dataflows, flow-service.md 5.4. */
export const FLOW_ROUTES: RouteTable = {
	'POST /flows': createEntity(FLOWS, readNew, ({ scheduler }, flow) => scheduler.plan(flow)),
	'GET /flows': listEntities(FLOWS),
	'GET /flows/:id': getEntity(FLOWS),
	'PATCH /flows/:id': patchFlow,
	// flow-service.md 9.2 (13): source and target connections stay. ⚠UNV that runs do, too.
	'DELETE /flows/:id': deleteEntity(FLOWS, endSchedule),
	'POST /flows/:id/action': actOnFlow,
};

function readNew(body: unknown, state: EmulatorState, caller: Caller): NewEntity<StoredFlow> {
	if (members(body)['state'] !== undefined) {
		throw new FlowError('FLOW-1410-400', 'state is not allowed in the body of a new flow.');
	}
	return { ...readFlowSettings(body, state, caller), ...originOf(caller) };
}

function patchFlow(state: EmulatorState, request: ApiRequest): object {
	const { caller, entity: flow } = findRequested(FLOWS, state, request, 'manage');
	checkNotUpdating(state, flow, 'FLOW-1420-400', 'updated');
	checkIfMatch(request, flow.etag);
	const operations = readPatch(readJson(request));
	const target = structuredClone({ ...flow });
	applyPatch(target, operations, PATCHABLE);
	const read = readFlowSettings(target, state, caller, flow.scheduleParams);
	checkOnceMapping(state, flow, read);
	const removed = { description: undefined, options: undefined, labels: undefined };
	const updatingUntil = state.clock.now() + state.settings.updatingMs;
	const changes = { ...removed, ...read, updatingUntil };
	const ops = operations.map(({ op, pointer: path, value }) => ({ op, path, value }));
	state.flows.update(flow, changes, caller.client, completed('update', ops));
	state.scheduler.plan(flow);
	return { id: flow.id, etag: flow.etag };
}

/** flow-service-more.md 4 ⚠UNV, with a code that is a guess. */
function checkOnceMapping({ settings }: EmulatorState, flow: StoredFlow, to: FlowSettings): void {
	if (settings.onceMapping === 'taken' || flow.scheduleParams.frequency !== 'once') return;
	const [is, wanted] = [mappingOf(flow.transformations), mappingOf(to.transformations)];
	if (is?.id === wanted?.id && is?.version === wanted?.version) return;
	throw new FlowError(
		'FLOW-1419-400',
		'The mapping of a flow with the frequency once cannot be updated.',
	);
}

function endSchedule(state: EmulatorState, flow: StoredFlow): void {
	checkNotUpdating(state, flow, 'FLOW-1420-400', 'deleted');
	state.scheduler.forget(flow.id);
}

/** Enables or disables a flow. */
function actOnFlow(state: EmulatorState, request: ApiRequest): object {
	const { caller, entity: flow } = findRequested(FLOWS, state, request, 'manage');
	// flow-service.md 5.4 ⚠CONFLICT: If-Match is optional here.
	if (header(request, 'if-match') !== undefined) checkIfMatch(request, flow.etag);
	checkNotUpdating(state, flow, 'FLOW-1421-400', 'transitioned');
	const { op, to } = readAction(request, flow);
	state.flows.update(flow, { state: to }, caller.client, completed(op));
	return { id: flow.id, etag: flow.etag };
}

/** flow-service.md 2.6.1, 1420 and 1421, 5.4; that a deletion is rejected as well is ⚠UNV. */
function checkNotUpdating(
	state: EmulatorState,
	flow: StoredFlow,
	code: string,
	verb: string,
): void {
	if (stateOf(state, flow) !== 'updating') return;
	throw new FlowError(code, `A flow in the state updating cannot be ${verb}.`);
}

/**
 * flow-service.md 5.4; lower case in most documents, upper case in the OAS.
 *
 * @throws FlowError 1359, 1398, 1402, or 1422 in the state that it would lead to
 */
function readAction(request: FastifyRequest, flow: StoredFlow) {
	const given = query(request).get('op') ?? '';
	if (given === '') {
		throw new FlowError('CONNECTOR-1359-400', 'The query parameter op is missing.');
	}
	const op = given.toLowerCase();
	if (op.startsWith('finalize')) {
		throw new FlowError('FLOW-1402-400', `The action ${given} is for providers only.`);
	}
	if (op !== 'enable' && op !== 'disable' && op !== 'publish') {
		throw new FlowError('CONNECTOR-1398-400', `The action ${given} is not supported.`);
	}
	const to = op === 'disable' ? ('disabled' as const) : ('enabled' as const);
	// Only a draft can be published, and there are none.
	if (op === 'publish' || flow.state === to) {
		throw new FlowError(
			'FLOW-1422-400',
			`The action ${given} is not applicable in the state ${flow.state}.`,
		);
	}
	return { op, to };
}

/**
 * flow-service.md 2.7 names two paths into `inheritedAttributes`; that the others, the base
 * connection's among them, can be filtered by as well is ⚠UNV.
 */
function isField(path: string): boolean {
	return (
		FILTER_FIELDS.includes(path) ||
		path.startsWith('inheritedAttributes.') ||
		path.startsWith('lastRunDetails.')
	);
}
