import type { Health } from './facts';
import type { Line, Report } from './reportFacts';
import { timeInWords } from './words';

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

export function markdownOf(report: Report): string {
	return written(report, MARKDOWN);
}

export function slackTextOf(report: Report): string {
	return written(report, SLACK);
}

function written(report: Report, dialect: Dialect): string {
	const { headline, counts, needAttention, notes } = report;
	const { escape, bold, bullet } = dialect;
	const shown = needAttention.slice(0, MAX_LINES);
	const left = needAttention.length - shown.length;
	const parts = [
		bold(escape(headline)),
		escape(placeInWords(report)),
		counts
			.map(({ health, label, count }) => `${SIGNS[health]} ${count} ${label.toLowerCase()}`)
			.join(' · '),
		[
			...shown.map((line) => `${bullet} ${lineIn(line, dialect)}`),
			...(left > 0 ? [`${bullet} … and ${left} more`] : []),
		].join('\n'),
		notes.map((note) => `${bullet} ${escape(note)}`).join('\n'),
	];
	return parts.filter((part) => part !== '').join('\n\n');
}

/** Where and when the report was made. */
export function placeInWords({ sandboxName, atEpochMs }: Report): string {
	const time = atEpochMs === undefined ? '' : `, ${timeInWords(atEpochMs)}`;
	return `Sandbox ${sandboxName}${time}`;
}

function lineIn(
	{ health, name, table, summary, url }: Line,
	{ escape, bold, link }: Dialect,
): string {
	const title = bold(escape(name));
	const of = table === undefined ? '' : ` (${escape(table)})`;
	return `${SIGNS[health]} ${url === undefined ? title : link(title, url)}${of}: ${escape(cutTo(MAX_SUMMARY_LENGTH, summary))}`;
}

/** Without half an emoji at the end. */
export function cutTo(maxLength: number, text: string): string {
	if (text.length <= maxLength) return text;
	return `${text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '')}…`;
}
