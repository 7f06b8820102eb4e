import { countOf, endOf } from '../../../adobe/runModel';
import type { Run } from '../../../adobe/runModel';

const MAX_BARS = 14;
const BAR_WIDTH = 6;
const GAP = 2;
const HEIGHT = 28;
/** Of a failed run, which has written nothing. */
const FAILED_HEIGHT = 5;
const MIN_HEIGHT = 1;

/**
 * The last runs of a dataflow as bars, oldest first: records written, with those rejected on top, and a
 * short mark for a run that failed. '' where none has ended.
 *
 * @param runs newest first
 */
export function barsOf(runs: readonly Run[]): string {
	const ended = runs
		.filter((run) => endOf(run) !== undefined)
		.slice(0, MAX_BARS)
		.reverse();
	if (ended.length === 0) return '';
	const most = ended.reduce((top, run) => Math.max(top, writtenOf(run) + rejectedOf(run)), 0);
	const width = ended.length * (BAR_WIDTH + GAP) - GAP;
	const bars = ended.map((run, place) => barOf(run, place * (BAR_WIDTH + GAP), most));
	return [
		`<svg role="img" aria-label="${wordsOf(ended)}" width="${width}" height="${HEIGHT}" viewBox="0 0 ${width} ${HEIGHT}" xmlns="http://www.w3.org/2000/svg">`,
		`<title>${wordsOf(ended)}</title>`,
		...bars,
		'</svg>',
	].join('');
}

function barOf(run: Run, x: number, most: number): string {
	if (endOf(run) === 'failed') return rectangle('failed', '#d03b3b', x, 0, FAILED_HEIGHT);
	const [written, rejected] = [writtenOf(run), rejectedOf(run)];
	const rejectedHeight = heightOf(rejected, most);
	// Both together stay below the top, though what is not nothing is always to be seen.
	const writtenHeight = Math.min(heightOf(written, most), HEIGHT - rejectedHeight);
	if (writtenHeight + rejectedHeight === 0) return rectangle('empty', '#9aa3ad', x, 0, MIN_HEIGHT);
	return [
		writtenHeight > 0 ? rectangle('written', '#2f74d0', x, 0, writtenHeight) : '',
		rejectedHeight > 0 ? rectangle('rejected', '#e09400', x, writtenHeight, rejectedHeight) : '',
	].join('');
}

function heightOf(records: number, most: number): number {
	if (records === 0) return 0;
	return Math.max(2, Math.round((records / most) * HEIGHT));
}

/** The class lets dark mode choose another colour; mail that drops styles keeps the attribute. */
function rectangle(kind: string, fill: string, x: number, from: number, height: number): string {
	const y = HEIGHT - from - height;
	return `<rect class="${kind}" fill="${fill}" x="${x}" y="${y}" width="${BAR_WIDTH}" height="${height}" rx="1"/>`;
}

function writtenOf({ counts }: Run): number {
	return counts.outputRecords ?? 0;
}

function rejectedOf({ counts }: Run): number {
	return counts.failedRecords ?? 0;
}

/** Nothing but numbers and words of our own. */
function wordsOf(ended: readonly Run[]): string {
	const each = ended.map((run) => {
		if (endOf(run) === 'failed') return 'failed';
		const rejected =
			rejectedOf(run) > 0 ? `, ${rejectedOf(run).toLocaleString('en-US')} rejected` : '';
		return `${writtenOf(run).toLocaleString('en-US')} written${rejected}`;
	});
	return `Last ${countOf(ended.length, 'run')}, oldest first: ${each.join('; ')}`;
}
