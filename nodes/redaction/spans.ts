/** A stretch of a text: from `start` up to, not including, `end`. */
export interface Span {
	start: number;
	end: number;
}

/** What stands where a secret was. */
export const MASK = '***';

/**
 * The spans in order, those that overlap made one. Two that only touch stay two: they are two
 * secrets side by side.
 */
export function mergedSpans(spans: readonly Span[]): Span[] {
	const merged: Span[] = [];
	for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
		const last = merged.at(-1);
		if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, span.end);
		else if (span.end > span.start) merged.push({ ...span });
	}
	return merged;
}

/** The text with every span replaced by `***`. */
export function withSpansMasked(text: string, spans: readonly Span[]): string {
	if (spans.length === 0) return text;
	const pieces: string[] = [];
	let at = 0;
	for (const { start, end } of mergedSpans(spans)) {
		pieces.push(text.slice(at, start), MASK);
		at = end;
	}
	pieces.push(text.slice(at));
	return pieces.join('');
}
