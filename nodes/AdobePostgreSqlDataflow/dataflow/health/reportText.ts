import { dataflowUrl } from '../../../adobe/webLinks';
import type { ItemClient } from '../../../platform/client';
import type { Facts, Health } from './facts';
import type { Report } from './reportFacts';
import { summaryOfHealth, timeInWords } from './words';

/** How a kind of text marks things. */
interface Dialect {
	escape(text: string): string;
	bold(escaped: string): string;
	link(escaped: string, url: string): string;
	bullet: string;
}

const MARKDOWN: Dialect = {
	escape: (text) => text.replace(/[\\`*_{}[\]<>()#|~&!]/g, '\\$&'),
	bold: (escaped) => `**${escaped}**`,
	link: (escaped, url) => `[${escaped}](${url})`,
	bullet: '-',
};

/** Slack's own (mrkdwn): three signs are written as in HTML, the others can't be escaped. */
const SLACK: Dialect = {
	escape: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
	bold: (escaped) => `*${escaped}*`,
	link: (escaped, url) => `<${url}|${escaped}>`,
	bullet: '•',
};

const SIGNS: Readonly<Record<Health, string>> = {
	failing: '🔴',
	stale: '🟠',
	rejecting: '🟡',
	neverRan: '⚪',
	notKnown: '❔',
	disabled: '⏸️',
	notReady: '🔧',
	healthy: '🟢',
};

/** A message in a chat is read at a glance, and has a limit. */
const MAX_LINES = 20;
const MAX_SUMMARY_LENGTH = 350;

export function markdownOf(report: Report, client: ItemClient, atEpochMs?: number): string {
	return written(report, client, MARKDOWN, atEpochMs);
}

export function slackTextOf(report: Report, client: ItemClient, atEpochMs?: number): string {
	return written(report, client, SLACK, atEpochMs);
}

function written(
	{ headline, counts, needAttention, notes }: Report,
	client: ItemClient,
	dialect: Dialect,
	atEpochMs: number | undefined,
): string {
	const { escape, bold, bullet } = dialect;
	const where = [`Sandbox ${client.sandboxName}`, atEpochMs && timeInWords(atEpochMs)];
	const shown = needAttention.slice(0, MAX_LINES);
	const left = needAttention.length - shown.length;
	const parts = [
		bold(escape(headline)),
		escape(where.filter((part) => part).join(', ')),
		counts
			.map(({ health, label, count }) => `${SIGNS[health]} ${count} ${label.toLowerCase()}`)
			.join(' · '),
		[
			...shown.map((facts) => `${bullet} ${lineOf(facts, client, dialect)}`),
			...(left > 0 ? [`${bullet} … and ${left} more`] : []),
		].join('\n'),
		notes.map((note) => `${bullet} ${escape(note)}`).join('\n'),
	];
	return parts.filter((part) => part !== '').join('\n\n');
}

function lineOf(facts: Facts, client: ItemClient, { escape, bold, link }: Dialect): string {
	const { flow, health, table } = facts;
	const name = bold(escape(oneLine(flow.name ?? flow.id)));
	const url = dataflowUrl(client, flow.id);
	const of = table === undefined ? '' : ` (${escape(oneLine(table))})`;
	const summary = oneLine(summaryOfHealth(facts));
	const cut =
		summary.length > MAX_SUMMARY_LENGTH ? `${summary.slice(0, MAX_SUMMARY_LENGTH)}…` : summary;
	return `${SIGNS[health]} ${url === undefined ? name : link(name, url)}${of}: ${escape(cut)}`;
}

/** A name of several lines would end the line of the list. */
export function oneLine(text: string): string {
	return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
