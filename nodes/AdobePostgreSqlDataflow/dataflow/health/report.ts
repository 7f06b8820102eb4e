import type { IDataObject } from 'n8n-workflow';

import { isoDate } from '../../../operation/time';
import type { TextFile } from '../../../operation/files';
import type { ItemClient } from '../../../platform/client';
import type { Facts } from './facts';
import { reportOn } from './reportFacts';
import { htmlOf } from './reportHtml';
import { markdownOf, slackTextOf } from './reportText';
import { perDay } from './words';

/**
 * The item with the report on all dataflows.
 *
 * @param redact takes the secrets of this execution out of a text
 */
export function reportOutput(
	facts: readonly Facts[],
	client: ItemClient,
	redact: (text: string) => string,
): IDataObject {
	const report = reportOn(facts, client, redact);
	const reportedAt = isoDate(report.atEpochMs);
	return {
		report: true,
		summary: `${report.headline} in the sandbox ${report.sandboxName}.`,
		needAttention: report.needAttention.length,
		dataflows: facts.length,
		counts: Object.fromEntries(report.counts.map(({ health, count }) => [health, count])),
		runsPerDay: Number(perDay(report.runsPerDay)),
		...(reportedAt === null ? {} : { reportedAt }),
		sandboxName: report.sandboxName,
		markdown: markdownOf(report),
		slack: slackTextOf(report),
		html: htmlOf(report),
	};
}

/** The same texts as files of the item. */
export function reportFiles({ report, markdown, html }: IDataObject): TextFile[] {
	if (report !== true || typeof markdown !== 'string' || typeof html !== 'string') return [];
	return [
		{ field: 'html', fileName: 'dataflow-health.html', mimeType: 'text/html', text: html },
		{
			field: 'markdown',
			fileName: 'dataflow-health.md',
			mimeType: 'text/markdown',
			text: markdown,
		},
	];
}
