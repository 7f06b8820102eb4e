import { SPAN } from '../operations.mts';
import type { Facts, Found } from './facts.mts';

const WINDOW_MS = SPAN.hours * 3_600_000;

/** Whatever becomes of its executions, a backfill loads no window twice; and once it ends well, each. */
export function windowsAreLoadedOnce(facts: Facts): Found[] {
	const { story } = facts;
	const steps = story.steps.filter(({ step }) => step.kind === 'backfill');
	if (steps.length === 0) return [];
	const loaded = Array.from({ length: SPAN.windows }, (_, index) => {
		const start = Date.parse(SPAN.from) + index * WINDOW_MS;
		return story.adobe.state.runs
			.all()
			.filter(({ facts: { status, window } }) => status === 'success' && window.start === start);
	});
	const twice = loaded.flatMap((runs, index): Found[] =>
		runs.length < 2
			? []
			: [
					[
						'each window once',
						`window ${index + 1} was loaded by ${runs.map(({ id }) => id).join(', ')}`,
					],
				],
	);
	const totals = steps.flatMap(({ executed }) =>
		(executed?.tries.at(-1)?.items ?? []).filter(({ json }) => json.part === 'total'),
	);
	const missing = loaded.flatMap((runs, index): Found[] =>
		runs.length > 0 || totals.length === 0
			? []
			: [
					[
						'each window once',
						`window ${index + 1} was not loaded, and the backfill has ended well`,
					],
				],
	);
	return [...twice, ...missing];
}
