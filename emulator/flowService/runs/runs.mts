import type { FastifyInstance } from 'fastify';
import { originOf } from '../../identity/caller.mts';
import { query } from '../../http/call.mts';
import { RUN_STATUSES } from './runFacts.mts';
import { type StoredRun, viewRun } from './runStore.mts';
import type { EmulatorState } from '../../state.mts';
import { admit } from '../access.mts';
import { type ById, findVisible } from '../connections/connectionAccess.mts';
import { readJson } from '../connections/connectionInput.mts';
import { completed } from '../flowEntityStore.mts';
import { FlowError } from '../flowErrors.mts';
import { listVisible } from '../listing/listVisible.mts';
import { readRunOrder } from './runInput.mts';

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

/** `/runs`: flow-service.md 5.5. */
export function runRoutes(state: EmulatorState) {
	const { runs: store, engine, settings } = state;
	return async (app: FastifyInstance): Promise<void> => {
		app.post('/runs', async (request, reply) => {
			const caller = admit(state, request, 'create');
			const order = readRunOrder(readJson(request), state, caller);
			const { flow, window, deltaColumn, newDelta, startAt } = order;
			if (newDelta !== undefined) {
				// flow-service.md 5.5: the first run's is kept.
				const others = flow.transformations.filter(({ name }) => name !== 'Copy');
				const copy = { name: 'Copy' as const, params: { deltaColumn: newDelta } };
				const changes = { transformations: [copy, ...others] };
				state.flows.update(flow, changes, caller.client, completed('update'));
			}
			const facts = { status: 'scheduled' as const, oneTime: true, window, deltaColumn };
			const run = engine.begin(flow, facts, originOf(caller), startAt);
			return await reply.code(201).send(answerOf(run));
		});

		app.get('/runs', async (request) =>
			listVisible(request, admit(state, request, 'view'), {
				collection: 'runs',
				entities: store.all(),
				readFilter,
				isField: (path) => FILTER_FIELDS.includes(path) || path.startsWith('metrics.'),
				orderFields: ORDER_FIELDS,
				show: viewRun,
			}),
		);

		app.get<ById>('/runs/:id', async (request) => {
			const caller = admit(state, request, 'view');
			return { items: [viewRun(findVisible(store, 'runs', request.params.id, caller))] };
		});

		app.put<ById>('/runs/:id', async (request) => {
			admit(state, request, 'manage');
			throw new FlowError('FLOW-1427-400', 'A user token may not write flow runs.');
		});

		app.post<ById>('/runs/:id/action', async (request) => {
			const caller = admit(state, request, 'manage');
			const run = findVisible(store, 'runs', request.params.id, caller);
			// flow-service.md 5.5 ⚠CONFLICT: `re-trigger` or `RE_TRIGGER`.
			const op = query(request).get('op') ?? '';
			if (op.toLowerCase().replace('_', '-') !== 're-trigger') {
				throw new FlowError('CONNECTOR-1333-400', `The run action ${op} is not supported.`);
			}
			const flow = findFlow(state, run);
			const { window, oneTime, deltaColumn } = run.facts;
			const facts = { status: 'scheduled' as const, oneTime, window };
			const again = engine.begin(
				flow,
				deltaColumn === undefined ? facts : { ...facts, deltaColumn },
				originOf(caller),
			);
			// flow-service.md 5.5 ⚠CONFLICT: the ID of a new run.
			return { id: again.id, etag: again.etag };
		});
	};

	/** flow-service.md 5.5 ⚠CONFLICT: one of three. */
	function answerOf(run: StoredRun): object {
		const { id, etag } = run;
		if (settings.runCreateAnswer === 'full') return viewRun(run);
		return settings.runCreateAnswer === 'bare' ? { id, etag } : { items: [{ id, etag }] };
	}
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
