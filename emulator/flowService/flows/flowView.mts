import type { EmulatorState } from '../../state.mts';
import type { StoredFlow } from './flowParts.mts';

/** A flow with what GET adds, which can be filtered by as well: flow-service.md 2.7, 5.4. */
export function describeFlow(state: EmulatorState, flow: StoredFlow) {
	const source = state.sourceConnections.find(flow.sourceConnectionIds[0]);
	const target = state.targetConnections.find(flow.targetConnectionIds[0]);
	const last = state.runs.lastStarted(flow.id);
	return {
		...flow,
		version: flow.etag,
		state: stateOf(state, flow),
		inheritedAttributes: {
			properties: { isSourceFlow: true },
			sourceConnections: source === undefined ? [] : [withBase(source)],
			targetConnections:
				target === undefined ? [] : [{ id: target.id, connectionSpec: target.connectionSpec }],
		},
		// flow-service.md 5.4 ⚠CONFLICT: never to be followed.
		runs: `/flows/${flow.id}/runs`,
		...(last === undefined ? {} : { lastRunDetails: last }),
	};
}

export type FlowView = ReturnType<typeof describeFlow>;

/** A flow as the API shows it: flow-service.md 5.4. */
export function viewFlow(described: FlowView): object {
	const { sequence: _, lastDueAt: __, windowEnd: ___, updatingUntil: ____, ...shown } = described;
	return shown;
}

/** flow-service.md 5.4, 7.1: a flow may be `updating` for a while. */
export function stateOf({ clock }: EmulatorState, { state, updatingUntil = 0 }: StoredFlow) {
	return clock.now() < updatingUntil ? 'updating' : state;
}

function withBase({
	id,
	baseConnectionId,
	connectionSpec,
}: {
	id: string;
	baseConnectionId: string;
	connectionSpec: { id: string; version: string };
}) {
	return { id, connectionSpec, baseConnection: { id: baseConnectionId, connectionSpec } };
}
