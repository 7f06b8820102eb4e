import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataLake, makeBatchId } from '../../../emulator/lake/dataLake.mts';

jest.setTimeout(40_000);

describe('the data lake', () => {
	it('holds each batch as a file of lines, and gives all of a dataset in order', async () => {
		const lake = new DataLake();
		const records = [{ a: 'line\nbreak' }, { a: 'ö' }];
		const first = await lake.write('one', 'B', records);
		await lake.write('one', 'A', [{ a: 3 }]);
		await lake.write('two', 'C', [{ a: 4 }]);
		expect(await lake.rowsOf('one')).toEqual([...records, { a: 3 }]);
		const text = await readFile(join(lake.folder, 'one', 'B.ndjson'), 'utf8');
		expect(text).toBe('{"a":"line\\nbreak"}\n{"a":"ö"}\n');
		expect(first).toEqual({
			batchId: 'B',
			dataSetId: 'one',
			records: 2,
			bytes: Buffer.byteLength(text),
		});
		lake.reset();
		expect(await lake.rowsOf('one')).toEqual([]);
		expect(existsSync(join(lake.folder, 'one', 'B.ndjson'))).toBe(false);
		await lake.remove();
		expect(existsSync(lake.folder)).toBe(false);
	});

	it('makes no file of a batch without records', async () => {
		const lake = new DataLake();
		expect(await lake.write('one', 'A', [])).toMatchObject({ records: 0, bytes: 0 });
		expect(lake.batchesOf('one')).toEqual([]);
		expect(existsSync(lake.folder)).toBe(false);
		await lake.remove();
	});

	it('goes with its process even when that is killed', async () => {
		const script = `
			const { DataLake } = await import('./emulator/lake/dataLake.mts');
			const lake = new DataLake();
			await lake.write('one', 'A', [{ a: 1 }]);
			process.stdout.write(lake.folder);
			setInterval(() => {}, 1000);`;
		const args = ['--import', 'tsx', '--input-type=module', '-e', script];
		const child = spawn(process.execPath, args, { cwd: resolve(__dirname, '../../..') });
		const [folder] = (await once(child.stdout, 'data')).map(String) as [string];
		expect(existsSync(join(folder, 'one', 'A.ndjson'))).toBe(true);
		child.kill('SIGKILL');
		for (let n = 0; n < 200 && existsSync(folder); n++) await sleep(100);
		expect(existsSync(folder)).toBe(false);
	});
});

it('IDs of batches are different, and sort by time', () => {
	const ids = [1, 2, 1_800_000_000_000, 1_800_000_000_001].map(makeBatchId);
	expect([...ids].sort()).toEqual(ids);
	expect(new Set(Array.from({ length: 1000 }, () => makeBatchId(5))).size).toBe(1000);
});
