import type {
	Contents,
	Part,
	ShownConnection,
	ShownDataSet,
	ShownFlow,
	ShownRun,
} from './contents.mts';
import { type Content, type Html, html } from './html.mts';
import { cut, toTable } from './records.mts';

const MAX_NAME = 120;
const MAX_REASON = 400;

/** What changes: everything but the head of the page and its footer. */
export function renderContents(contents: Contents): Html {
	const { connections, flows, runs, dataSets, emptyDataSets, rows } = contents;
	return html`<ul class="totals">
			${total(connections.total, 'connection')}${total(flows.total, 'dataflow')}${total(
				runs.total,
				'run',
			)}${total(rows, 'row')}
		</ul>
		${section(
			'Connections',
			connections,
			connectionTable,
			'No connection yet. Create one in n8n, and it appears here.',
		)}
		${section('Dataflows', flows, flowTable, 'No dataflow yet.')}
		${section('Runs', runs, runTable, 'No run yet.')}
		${section(
			'Rows in datasets',
			dataSets,
			(shown) => shown.map(dataSetTable),
			'No rows yet. They appear here when a run has loaded them.',
		)}
		${emptyList(emptyDataSets)}
		<p class="clock">Time here: ${time(contents.now)}</p>`;
}

function total(count: number, what: string): Html {
	return html`<li><b>${count.toLocaleString('en')}</b> ${count === 1 ? what : `${what}s`}</li>`;
}

function section<T>(
	title: string,
	{ total: all, shown }: Part<T>,
	table: (shown: T[]) => Content,
	whenEmpty: string,
): Html {
	return html`<section>
		<h2>${title}</h2>
		${shown.length === 0 ? html`<p class="empty">${whenEmpty}</p>` : table(shown)}
		${all > shown.length
			? html`<p class="more">The newest ${shown.length} of ${all.toLocaleString('en')}.</p>`
			: undefined}
	</section>`;
}

function connectionTable(connections: ShownConnection[]): Html {
	return table(
		['Name', 'State', 'Database', 'Authentication', 'Sandbox', 'ID', 'Created'],
		connections.map((one) =>
			row(one.id, [
				name(one.name),
				state(one.state),
				one.database === undefined
					? html`<i>cannot be read</i>`
					: html`<bdi>${cut(one.database, MAX_NAME)}</bdi>`,
				one.authentication,
				one.sandboxName,
				html`<code>${one.id}</code>`,
				time(one.createdAt),
			]),
		),
	);
}

function flowTable(flows: ShownFlow[]): Html {
	return table(
		['Name', 'State', 'Table', 'Dataset', 'Schedule', 'Last run', 'Sandbox', 'ID'],
		flows.map((one) =>
			row(one.id, [
				name(one.name),
				state(one.state),
				name(one.table),
				name(one.dataSet),
				one.schedule,
				one.lastRun === undefined ? '–' : state(one.lastRun),
				one.sandboxName,
				html`<code>${one.id}</code>`,
			]),
		),
	);
}

function runTable(runs: ShownRun[]): Html {
	return table(
		['Dataflow', 'Status', 'Read', 'Written', 'Rejected', 'Seconds', 'Created', 'Reason'],
		runs.map(({ id, flow, status, records, durationMs, createdAt, reasons }) =>
			row(id, [
				name(flow),
				state(status),
				number(records?.read),
				number(records?.written),
				number(records?.rejected, 'warning'),
				number(durationMs === undefined ? undefined : durationMs / 1000),
				time(createdAt),
				html`<bdi class="reason">${cut(reasons.join(' '), MAX_REASON)}</bdi>`,
			]),
		),
		new Set([2, 3, 4, 5]),
	);
}

function dataSetTable({ id, name: title, sandboxName, total: all, rows }: ShownDataSet): Html {
	const { columns, rows: cells, moreColumns } = toTable(rows.map(({ record }) => record));
	const notes = [
		`${all.toLocaleString('en')} ${all === 1 ? 'row' : 'rows'}`,
		...(all > rows.length ? [`the last ${rows.length} are shown`] : []),
		...(moreColumns > 0 ? [`${moreColumns} more ${moreColumns === 1 ? 'field' : 'fields'}`] : []),
		`sandbox ${sandboxName}`,
	];
	const header = columns.map(
		({ label, path }) => html`<th title="${cut(path, MAX_NAME)}"><bdi>${cut(label)}</bdi></th>`,
	);
	return html`<details open data-id="${id}">
		<summary>
			<h3><bdi>${cut(title, MAX_NAME)}</bdi></h3>
			<span>${notes.join(' · ')}</span>
		</summary>
		<div class="scroll rows" data-id="rows of ${id}">
			<table>
				<thead>
					<tr>
						<th class="number">#</th>
						${header}
					</tr>
				</thead>
				<tbody>
					${cells.map((values, index) =>
						row(`${id} ${rows[index]?.number}`, [
							html`<span class="nth">${rows[index]?.number}</span>`,
							...values.map((value) =>
								value === undefined ? html`<i>–</i>` : html`<bdi>${value}</bdi>`,
							),
						]),
					)}
				</tbody>
			</table>
		</div>
	</details>`;
}

function emptyList({ total: all, shown }: Part<string>): Html | undefined {
	if (all === 0) return undefined;
	const more = all > shown.length ? ` and ${all - shown.length} more` : '';
	return html`<p class="more">
		Datasets without rows:
		${shown.map((one, index) => [
			index === 0 ? '' : ', ',
			html`<bdi>${cut(one, MAX_NAME)}</bdi>`,
		])}${more}.
	</p>`;
}

/** @param numeric the columns that hold numbers */
function table(titles: string[], rows: Html[], numeric = new Set<number>()): Html {
	const header = titles.map((title, index) =>
		numeric.has(index) ? html`<th class="number">${title}</th>` : html`<th>${title}</th>`,
	);
	return html`<div class="scroll" data-id="${titles.join(' ')}">
		<table>
			<thead>
				<tr>
					${header}
				</tr>
			</thead>
			<tbody>
				${rows}
			</tbody>
		</table>
	</div>`;
}

/** @param key the same in each version of the page, so that a new row can be told */
function row(key: string, cells: Content[]): Html {
	return html`<tr data-key="${key}">
		${cells.map((cell) => html`<td>${cell}</td>`)}
	</tr> `;
}

function name(text: string): Html {
	return html`<bdi class="name">${cut(text, MAX_NAME)}</bdi>`;
}

const GOOD = new Set(['enabled', 'success']);
const BAD = new Set(['failed']);
const WARNING = new Set(['partialSuccess', 'disabled']);

/** In a colour, and in words all the same. */
function state(value: string): Html {
	const kind = GOOD.has(value)
		? 'good'
		: BAD.has(value)
			? 'bad'
			: WARNING.has(value)
				? 'warning'
				: 'going';
	return html`<span class="state ${kind}">${value}</span>`;
}

/** @param kind the colour of a number that is not 0 */
function number(value: number | undefined, kind = ''): Html {
	const text = value?.toLocaleString('en', { maximumFractionDigits: 1 }) ?? '–';
	return html`<span class="digits ${value ? kind : ''}">${text}</span>`;
}

/** In the time zone of this machine, which is the reader's. */
function time(epochMs: number): Html {
	const date = new Date(epochMs);
	const local = new Date(epochMs - date.getTimezoneOffset() * 60_000).toISOString();
	return html`<time datetime="${date.toISOString()}"
		>${local.slice(0, 10)} ${local.slice(11, 19)}</time
	>`;
}
