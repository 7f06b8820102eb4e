import { barsOf } from './bars';
import type { Health } from './facts';
import type { Line, Report } from './reportFacts';
import { cutTo, placeInWords } from './reportText';
import { timeInWords } from './words';

/** Rows of the table; whoever has more looks at the items. */
const MAX_ROWS = 100;
const MAX_TEXT_LENGTH = 500;

/** Background and text of a label: dark enough to be read on it. */
const COLOURS: Readonly<Record<Health, [background: string, text: string]>> = {
	failing: ['#fde4e4', '#9b1c1c'],
	stale: ['#ffe9d6', '#8a3b00'],
	rejecting: ['#fff3cc', '#6f4e00'],
	neverRan: ['#eceff3', '#444c56'],
	notKnown: ['#eceff3', '#444c56'],
	disabled: ['#eceff3', '#444c56'],
	notReady: ['#eceff3', '#444c56'],
	healthy: ['#dcf3e3', '#11602f'],
};

// Mail programs know neither flex boxes nor variables: tables, and each colour where it is used.
const STYLE = `
body{margin:0;padding:0;background:#f4f5f7;color:#1c2128;font:14px/1.45 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
.sheet{max-width:860px;margin:0 auto;background:#fff}
.sheet>tbody>tr>td{padding:24px}
h1{font-size:20px;line-height:1.3;margin:0 0 2px}
h2{font-size:15px;margin:24px 0 8px}
a{color:#1f5fbf;text-decoration:none}
.quiet{color:#5b6470;font-size:13px}
.tiles{margin:16px 0 0}
.tile{display:inline-block;margin:0 8px 8px 0;padding:8px 14px;border-radius:6px;white-space:nowrap}
.tile b{font-size:20px;display:block;line-height:1.2}
.rows{width:100%;border-collapse:collapse}
.rows th{text-align:left;font-size:12px;font-weight:600;color:#5b6470;padding:6px 12px 6px 0;border-bottom:1px solid #d5dae0;white-space:nowrap}
.rows td{padding:10px 12px 10px 0;border-bottom:1px solid #e8ebef;vertical-align:top}
.rows th:last-child,.rows td:last-child{padding-right:0}
.label{display:inline-block;margin:5px 0 0;padding:1px 8px;border-radius:10px;font-size:12px;font-weight:600;white-space:nowrap}
.name{overflow-wrap:anywhere;min-width:120px}
.what .quiet{margin:3px 0 0}
.time{white-space:nowrap}
.what{overflow-wrap:anywhere}
.key span{display:inline-block;width:10px;height:10px;border-radius:2px;margin:0 5px 0 0}
.notes{margin:0;padding:0 0 0 18px}
.notes li{margin:0 0 4px}
@media (max-width:600px){
.sheet>tbody>tr>td{padding:14px}
.bars{display:none}
}
@media (prefers-color-scheme:dark){
body{background:#14171c;color:#e4e8ed}
.sheet{background:#1c2128}
a{color:#82b4ff}
.quiet,.rows th{color:#9aa5b1}
.rows th{border-color:#3a424d}
.rows td{border-color:#2d343d}
.failing{background:#55191c!important;color:#ffc9c9!important}
.stale{background:#553014!important;color:#ffd9b8!important}
.rejecting{background:#4c3c0b!important;color:#ffe69c!important}
.neverRan,.notKnown,.disabled,.notReady{background:#333b46!important;color:#d3dae2!important}
.healthy{background:#143d25!important;color:#b4ecc8!important}
rect.written{fill:#6ea8fe}rect.rejected{fill:#f5b73d}rect.failed{fill:#ff7b7b}rect.empty{fill:#66707c}
.key .written{background:#6ea8fe!important}.key .rejected{background:#f5b73d!important}.key .failed{background:#ff7b7b!important}
}`.trim();

/** A whole page, for mail and for the browser; nothing in it is loaded from anywhere. */
export function htmlOf(report: Report): string {
	const { headline, counts, all, notes } = report;
	const shown = all.slice(0, MAX_ROWS);
	const left = all.length - shown.length;
	return [
		'<!doctype html>',
		'<html lang="en"><head><meta charset="utf-8">',
		'<meta name="viewport" content="width=device-width,initial-scale=1">',
		'<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
		`<title>${escapeHtml(headline)}</title><style>${STYLE}</style></head><body>`,
		'<table class="sheet" role="presentation" width="100%" cellpadding="0" cellspacing="0" align="center"><tr><td>',
		`<h1>${escapeHtml(headline)}</h1>`,
		`<div class="quiet">${inHtml(placeInWords(report))}</div>`,
		tilesOf(counts),
		shown.length === 0 ? '' : tableOf(shown),
		left > 0
			? `<p class="quiet">… and ${left} more, all of which are in the items of the node.</p>`
			: '',
		notes.length === 0
			? ''
			: `<h2>Schedules and credentials</h2><ul class="notes">${notes.map((note) => `<li>${inHtml(note)}</li>`).join('')}</ul>`,
		'</td></tr></table></body></html>',
	]
		.filter((part) => part !== '')
		.join('\n');
}

function tilesOf(counts: Report['counts']): string {
	if (counts.length === 0) return '';
	const tiles = counts.map(
		({ health, label, count }) =>
			`<div class="tile ${health}" style="${coloursOf(health)}"><b>${count}</b>${label}</div>`,
	);
	return `<div class="tiles">${tiles.join('')}</div>`;
}

function tableOf(shown: readonly Line[]): string {
	const hasBars = shown.some(({ runs }) => barsOf(runs) !== '');
	const key = hasBars
		? `<p class="quiet key bars">Last runs, oldest first: ${keyOf('written', '#2f74d0', 'written')} ${keyOf('rejected', '#e09400', 'rejected')} ${keyOf('failed', '#d03b3b', 'failed')}</p>`
		: '';
	const head = `<tr><th>Dataflow</th>${hasBars ? '<th class="bars">Last runs</th>' : ''}<th>What happened</th></tr>`;
	const rows = shown.map((line) => rowOf(line, hasBars));
	return `<h2>Dataflows</h2>${key}<table class="rows" cellpadding="0" cellspacing="0">${head}${rows.join('\n')}</table>`;
}

function keyOf(kind: string, colour: string, label: string): string {
	return `<span class="${kind}" style="background:${colour}"></span>${label}&ensp;`;
}

function rowOf(line: Line, hasBars: boolean): string {
	const { health, label, name, table, summary, advice, nextRunEpochMs, runs, url } = line;
	const title =
		url === undefined ? inHtml(name) : `<a href="${escapeHtml(url)}">${inHtml(name)}</a>`;
	return [
		`<tr><td class="name"><b>${title}</b>${table === undefined ? '' : quiet(table)}`,
		`<div class="label ${health}" style="${coloursOf(health)}">${label}</div></td>`,
		hasBars ? `<td class="bars">${barsOf(runs)}</td>` : '',
		`<td class="what">${inHtml(summary)}`,
		advice === undefined ? '' : quiet(`What to do: ${advice}`),
		nextRunEpochMs === undefined ? '' : quiet(`Next run ${timeInWords(nextRunEpochMs)}`),
		'</td></tr>',
	].join('');
}

function quiet(text: string): string {
	return `<div class="quiet">${inHtml(text)}</div>`;
}

const TIME = /\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/g;

/** Of bounded length, and without a break within a time. */
function inHtml(text: string): string {
	return escapeHtml(cutTo(MAX_TEXT_LENGTH, text)).replace(TIME, '<span class="time">$&</span>');
}

function coloursOf(health: Health): string {
	const [background, text] = COLOURS[health];
	return `background:${background};color:${text}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
}
