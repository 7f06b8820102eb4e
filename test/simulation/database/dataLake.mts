import { randomBytes } from 'node:crypto';

/** In the place of `emulator/lake/dataLake.mts`: batches in memory. */
export interface Batch {
	batchId: string;
	dataSetId: string;
	records: number;
	bytes: number;
}

export class DataLake {
	readonly folder = '';
	private batches: Array<Batch & { rows: object[] }> = [];

	async write(dataSetId: string, batchId: string, records: object[]): Promise<Batch> {
		const bytes = Buffer.byteLength(JSON.stringify(records));
		const batch = { batchId, dataSetId, records: records.length, bytes };
		if (records.length > 0) this.batches.push({ ...batch, rows: records });
		return batch;
	}

	batchesOf(dataSetId: string): Batch[] {
		return this.batches.filter((batch) => batch.dataSetId === dataSetId);
	}

	async rowsOf(dataSetId: string): Promise<object[]> {
		return this.batches.filter((one) => one.dataSetId === dataSetId).flatMap(({ rows }) => rows);
	}

	reset(): void {
		this.batches = [];
	}

	async remove(): Promise<void> {
		this.batches = [];
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
