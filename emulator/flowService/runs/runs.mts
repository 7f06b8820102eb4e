import { query } from '../../http/call.mts';
import { type ApiRequest, created, type Reply, type RouteTable } from '../../http/routes.mts';
import { originOf } from '../../identity/caller.mts';
import type { EmulatorState } from '../../state.mts';
import { admit } from '../access.mts';
import { completed } from '../flowEntityStore.mts';
import { FlowError } from '../flowErrors.mts';
import { readJson } from '../input.mts';
import { findRequested, getEntity, listEntities, type Resource } from '../resource.mts';
import { RUN_STATUSES } from './runFacts.mts';
import { readRunOrder } from './runInput.mts';
import { type StoredRun, viewRun } from './runStore.mts';

/** flow-service.md 2.7; the two times are ⚠UNV, 5.5 sorts by one of them. */
const FILTER_FIELDS = ['id', 'flowId', 'state', 'createdAt', 'updatedAt', 'flowSpec.id'];
const ORDER_FIELDS = [
	'id',
	'flowId',
	'createdAt',
	'updatedAt',
	'metrics.durationSummary.startedAtUTC',
	'metrics.durationSummary.completedAtUTC',
	'metrics.statusSummary.status',
];

const RUNS: Resource<StoredRun> = {
	name: 'runs',
	storeOf: ({ runs }) => runs,
	describe: (_state, run) => run,
	show: (_state, run) => viewRun(run),
	readFilter,
	isField: (path) => FILTER_FIELDS.includes(path) || path.startsWith('metrics.'),
	orderFields: ORDER_FIELDS,
};

/** `/runs`: flow-service.md 5.5. */
export const RUN_ROUTES: RouteTable = {
	'POST /runs': createRun,
	'GET /runs': listEntities(RUNS),
	'GET /runs/:id': getEntity(RUNS),
	'PUT /runs/:id': putRun,
	'POST /runs/:id/action': retriggerRun,
};

/** A run on demand. */
function createRun(state: EmulatorState, request: ApiRequest): Reply {
	const caller = admit(state, request, 'create');
	const order = readRunOrder(readJson(request), state, caller);
	const { flow, window, deltaColumn, newDelta, startAt } = order;
	if (state.settings.concurrentRuns === 'refused' && state.runs.isAnyOpen(flow.id)) {
		// flow-service.md 2.6.2: the code for whatever keeps a run from being created.
		throw new FlowError(
			'CONNECTOR-1380-400',
			'The run could not be created: another run of the flow has not ended.',
		);
	}
	if (newDelta !== undefined) {
		// flow-service.md 5.5: the first run's is kept.
		const others = flow.transformations.filter(({ name }) => name !== 'Copy');
		const copy = { name: 'Copy' as const, params: { deltaColumn: newDelta } };
		const changes = { transformations: [copy, ...others] };
		state.flows.update(flow, changes, caller.client, completed('update'));
	}
	const facts = { status: 'scheduled' as const, oneTime: true, window, deltaColumn };
	const run = state.engine.begin(flow, facts, originOf(caller), startAt);
	return created(answerOf(run, state.settings.runCreateAnswer));
}

function putRun(state: EmulatorState, request: ApiRequest): never {
	admit(state, request, 'manage');
	throw new FlowError('FLOW-1427-400', 'A user token may not write flow runs.');
}

function retriggerRun(state: EmulatorState, request: ApiRequest): object {
	const { caller, entity: run } = findRequested(RUNS, state, request, 'manage');
	// flow-service.md 5.5 ⚠CONFLICT: `re-trigger` or `RE_TRIGGER`.
	const op = query(request).get('op') ?? '';
	if (op.toLowerCase().replace('_', '-') !== 're-trigger') {
		throw new FlowError('CONNECTOR-1333-400', `The run action ${op} is not supported.`);
	}
	const flow = findFlow(state, run);
	const { window, oneTime, deltaColumn } = run.facts;
	const facts = { status: 'scheduled' as const, oneTime, window };
	const again = state.engine.begin(
		flow,
		deltaColumn === undefined ? facts : { ...facts, deltaColumn },
		originOf(caller),
	);
	// flow-service.md 5.5 ⚠CONFLICT: the ID of a new run.
	return { id: again.id, etag: again.etag };
}

/** flow-service.md 5.5 ⚠CONFLICT: one of three. */
function answerOf(run: StoredRun, form: 'items' | 'bare' | 'full'): object {
	const { id, etag } = run;
	if (form === 'full') return viewRun(run);
	return form === 'bare' ? { id, etag } : { items: [{ id, etag }] };
}

/**
 * The flow of a run that may be triggered again: flow-service.md 5.5.
 *
 * @throws FlowError 1387, 1388 or 1430
 */
function findFlow(state: EmulatorState, { flowId, facts }: StoredRun) {
	const flow = state.flows.find(flowId);
	if (flow === undefined) throw new FlowError('FLOW-1430-400', `The flow ${flowId} is not found.`);
	const broughtNothing = facts.status === 'success' && facts.promotion?.outputRecords === 0;
	if (facts.status !== 'failed' && !broughtNothing) {
		throw new FlowError(
			'CONNECTOR-1387-400',
			`A run in the state ${facts.status} cannot be triggered again: only a failed one, or one that succeeded without any record.`,
		);
	}
	if (flow.state !== 'enabled') {
		throw new FlowError('CONNECTOR-1388-400', 'The flow must be enabled to trigger a run again.');
	}
	return flow;
}

/** flow-service.md 2.7, 7.1: the documents write `Failed` as well as `failed`. */
function readFilter(filter: string): string {
	const parts = /^(\s*(?:state|metrics\.statusSummary\.status)\s*==)(.*)$/s.exec(filter);
	if (parts === null) return filter;
	const [, field = '', values = ''] = parts;
	const known = (word: string) =>
		RUN_STATUSES.find((status) => status.toLowerCase() === word.toLowerCase()) ?? word;
	return field + values.replace(/\w+/g, known);
}
