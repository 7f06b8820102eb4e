import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardFolder } from '../tempFolder/guardFolder.mts';

/** One file of the data lake. */
export interface Batch {
	batchId: string;
	dataSetId: string;
	records: number;
	bytes: number;
}

/** How many of a dataset's last records are kept in memory, to show them without reading files. */
const MAX_LATEST = 20;

/** What has arrived in a dataset so far. */
export interface Arrived {
	/** The number of records. */
	total: number;
	/** The last of them, newest first. */
	latest: object[];
	/** The number of the batch in the lake that was written last; 0 for none. */
	lastAt: number;
}

/**
 * Stand-in for the data lake: a temporary folder with newline-delimited JSON, one file per batch,
 * `<dataSetId>/<batchId>.ndjson`. It is created for the first batch, and removed at the end.
 */
export class DataLake {
	readonly folder = join(tmpdir(), `emulator-lake-${randomBytes(6).toString('hex')}`);
	private batches: Batch[] = [];
	private readonly arrivals = new Map<string, Arrived>();
	private unguard: (() => Promise<void>) | undefined;

	/** Writes a batch; one without records has no file. */
	async write(dataSetId: string, batchId: string, records: object[]): Promise<Batch> {
		const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
		const bytes = Buffer.byteLength(text);
		const batch = { batchId, dataSetId, records: records.length, bytes };
		if (records.length === 0) return batch;
		this.unguard ??= guardFolder(this.folder);
		await mkdir(join(this.folder, dataSetId), { recursive: true, mode: 0o700 });
		await writeFile(this.pathOf(batch), text);
		this.batches.push(batch);
		const { total, latest } = this.arrived(dataSetId);
		this.arrivals.set(dataSetId, {
			total: total + records.length,
			latest: [...records.slice(-MAX_LATEST).reverse(), ...latest].slice(0, MAX_LATEST),
			lastAt: this.batches.length,
		});
		return batch;
	}

	arrived(dataSetId: string): Arrived {
		return this.arrivals.get(dataSetId) ?? { total: 0, latest: [], lastAt: 0 };
	}

	/** The batches of a dataset, in the order in which they were written. */
	batchesOf(dataSetId: string): Batch[] {
		return this.batches.filter((batch) => batch.dataSetId === dataSetId);
	}

	/** The records of all batches of a dataset, in order. */
	async rowsOf(dataSetId: string): Promise<Array<Record<string, unknown>>> {
		const texts = await Promise.all(
			this.batchesOf(dataSetId).map(async (batch) => await readFile(this.pathOf(batch), 'utf8')),
		);
		return texts.flatMap((text) =>
			text
				.split('\n')
				.filter((line) => line !== '')
				.map((line) => JSON.parse(line) as Record<string, unknown>),
		);
	}

	/** Forgets everything and removes what was written. */
	reset(): void {
		const removed = this.batches.map((batch) => this.pathOf(batch));
		this.batches = [];
		this.arrivals.clear();
		for (const path of removed) rmSync(path, { force: true });
	}

	async remove(): Promise<void> {
		this.batches = [];
		this.arrivals.clear();
		await this.unguard?.();
		this.unguard = undefined;
	}

	private pathOf({ dataSetId, batchId }: Batch): string {
		return join(this.folder, dataSetId, `${batchId}.ndjson`);
	}
}

const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A batch ID, 26 characters that sort by time: flow-service.md 5.5.
 *
 * @param now epoch milliseconds
 */
export function makeBatchId(now: number): string {
	let time = '';
	for (let rest = Math.floor(now), n = 0; n < 10; n++, rest = Math.floor(rest / 32)) {
		time = `${BASE32[rest % 32]}${time}`;
	}
	return time + Array.from(randomBytes(16), (byte) => BASE32[byte % 32]).join('');
}
