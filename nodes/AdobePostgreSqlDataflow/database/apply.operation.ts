import { optionsCollection } from '../../operation/commonParameters';
import type { Operation } from '../../operation/operation';
import { ApplyRun, applyTable } from './apply/applyTable';
import { markerOfPlan } from './fingerprint';
import { planParameter, readPlan } from './apply/planItem';

export const apply: Operation<ApplyRun> = {
	value: 'apply',
	name: 'Apply',
	action: 'Apply a plan to a database',
	description:
		'Carry out items of a plan. Refuses those that do not fit any more; each is done whole or not at all.',
	parameters: [planParameter, optionsCollection()],
	looksAhead: true,
	begin: () => new ApplyRun(),
	async prepare(call) {
		const plan = readPlan(call.parameters);
		const { action, desired, fingerprint } = plan;
		const { scope, state } = call;
		if (action === 'create' || action === 'update' || action === 'delete') {
			state.lookUps.expect(scope, desired);
		}
		if (action === 'create') {
			state.lookUps.expectEnds(scope, desired.name, markerOfPlan(fingerprint));
		}
		return async () => await applyTable(call, plan);
	},
};
