import type { TimesInGet } from '../../options.mts';

const TIMES = ['createdAt', 'updatedAt', 'windowStart', 'windowEnd'];

/** The same answer with its times in another form, at any depth. */
export function showTimes(answer: unknown, as: TimesInGet): unknown {
	if (Array.isArray(answer)) return answer.map((one) => showTimes(one, as));
	if (typeof answer !== 'object' || answer === null) return answer;
	return Object.fromEntries(
		Object.entries(answer).flatMap(([name, value]) => {
			const isTime = TIMES.includes(name) && typeof value === 'number';
			if (!isTime) return [[name, showTimes(value, as)]];
			return as === 'absent' ? [] : [[name, showTime(value, as)]];
		}),
	);
}

function showTime(epochMs: number, as: Exclude<TimesInGet, 'absent'>): number | string {
	if (as === 'numbers') return epochMs;
	return as === 'texts' ? String(epochMs) : new Date(epochMs).toISOString();
}
