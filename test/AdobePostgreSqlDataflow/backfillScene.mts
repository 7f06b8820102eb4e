import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { Emulator, EmulatorOptions } from '../../emulator/emulator.mts';
import { connectionStringOf, startAdobe } from '../support/adobe.mts';
import { runConnectionNode } from '../support/connectionNode.mts';
import { executeNode } from '../support/core.mts';
import { runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import type { ScratchDatabase } from '../support/scratchDatabase.mts';
import { makeScratchDatabase } from '../support/scratchDatabase.mts';

const DAY_MS = 24 * 60 * 60_000;
export const FROM = '2026-01-01T00:00:00Z';
export const DAYS = 30;
export const dayOf = (day: number) =>
	new Date(Date.parse(FROM) + day * DAY_MS).toISOString().replace('.000', '');
export const TO = dayOf(DAYS);

const FIELDS = { id: 'integer', score: 'number', updated_at: 'date-time' } as const;

/** Four rows a day: in its first and in its last moment, and two between; not in the first moment of all. */
export async function fillDays(database: ScratchDatabase): Promise<number[]> {
	await database.owner.query(`
		create table days (id serial, score numeric default 1, updated_at timestamptz);
		insert into days (updated_at)
			select timestamptz '${FROM}' + n * interval '1 day' + at.after from generate_series(0, ${DAYS - 1}) n,
				(values (interval '0'), ('1 millisecond'), ('12 hours'), ('1 day' - interval '1 microsecond')) at (after)
			where n > 0 or at.after > interval '0'
			order by 1;
		grant select on days to public;
	`);
	return Array.from({ length: DAYS * 4 - 1 }, (_, index) => index + 1);
}

/** An emulator with a dataflow on demand over the table of days. */
export class BackfillScene {
	private constructor(
		readonly adobe: Emulator,
		readonly flowId: string,
		private readonly dataSetId: string,
	) {}

	static async open(
		database: ScratchDatabase,
		options: Partial<EmulatorOptions> = {},
		required: string[] = [],
	): Promise<BackfillScene> {
		const adobe = await startAdobe({ runDurationMs: 20, scheduledMs: 10, ...options });
		const connectionString = connectionStringOf({ ...adobe.postgres, database: database.name });
		const source = { authMode: 'connectionString', connectionString };
		const [made] = await runConnectionNode(
			adobe,
			{ operation: 'create', name: 'Days' },
			{ source },
		);
		const { id } = adobe.addDataSet({ name: 'Days', fields: FIELDS, required });
		const [flow] = await runDataflowNode(adobe, {
			operation: 'create',
			connectionId: String(made?.json.connectionId),
			table: 'public.days',
			dataset: id,
		});
		adobe.journal.length = 0;
		return new BackfillScene(adobe, String(flow?.json.flowId), id);
	}

	parameters(changes: INodeParameters = {}): INodeParameters {
		return {
			operation: 'run',
			flowId: this.flowId,
			load: 'backfill',
			from: FROM,
			to: TO,
			deltaColumn: 'updated_at',
			...changes,
			options: { timeZone: 'utc', ...(changes.options as INodeParameters | undefined) },
		};
	}

	async backfill(changes: INodeParameters = {}, signal?: AbortSignal): Promise<IDataObject[]> {
		const wired = wireDataflowNode(this.adobe, this.parameters(changes));
		const items: INodeExecutionData[] = await executeNode(wired, [{ json: {} }], signal);
		return items.map(({ json }) => json);
	}

	/** The IDs of the rows that have arrived, each as often as it has. */
	async ids(): Promise<number[]> {
		const rows = await this.adobe.lakeRows(this.dataSetId);
		return rows.map((row) => idOf(row)).sort((a, b) => a - b);
	}

	/** Which runs there were: the days that they began with, counted from 1. */
	days(): number[] {
		return this.adobe
			.runs()
			.map(({ facts }) => (facts.window.start - Date.parse(FROM)) / DAY_MS + 1);
	}
}

/** A record has it under the member of the tenant. */
function idOf(row: Record<string, unknown>): number {
	for (const value of Object.values(row)) {
		if (typeof value === 'object' && value !== null && 'id' in value) return Number(value.id);
	}
	return Number(row.id);
}

/** The table of days for all tests of a file, and scenes over it. */
export function days() {
	let database: ScratchDatabase;
	let ids: number[] = [];

	beforeAll(async () => {
		database = await makeScratchDatabase();
		ids = await fillDays(database);
	});

	afterAll(async () => {
		await database.drop();
	});

	return {
		/** The IDs of all rows. */
		ids: () => ids,
		/** A scene that has to be closed. */
		open: async () => await BackfillScene.open(database),
		/** Gives a scene to a test, and ends it. */
		inScene: async (
			options: Partial<EmulatorOptions>,
			test: (scene: BackfillScene) => Promise<void>,
		): Promise<void> => {
			const scene = await BackfillScene.open(database, options);
			try {
				await test(scene);
			} finally {
				await scene.adobe.close();
			}
		},
	};
}

/** The item with the sums. */
export const totalOf = (items: IDataObject[]): IDataObject => items.at(-1) ?? {};

/** The numbers of all days. */
export const EVERY_DAY = Array.from({ length: DAYS }, (_, index) => index + 1);
