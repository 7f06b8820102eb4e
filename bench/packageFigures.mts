import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stage } from '../e2e/n8n/stage.mts';
import { median } from './statistics.mts';

const run = promisify(execFile);
const TIMES = 9;

/** What the package costs before it does anything. */
export interface PackageFigures {
	tarballBytes: number;
	distBytes: number;
	/** Loading all that package.json names, in a fresh process that has n8n-workflow already. */
	loadMs: number;
}

export async function packageFigures(stage: Stage): Promise<PackageFigures> {
	const folder = join(stage.userFolder, '.n8n', 'nodes', 'node_modules', stage.packed.name);
	const script = `
		const { createRequire } = require('module');
		const { readdirSync, statSync } = require('fs');
		const { join } = require('path');
		const folder = ${JSON.stringify(folder)};
		const n8n = createRequire(${JSON.stringify(join(stage.n8n.folder, 'node_modules', 'n8n', 'package.json'))});
		const workflow = n8n.resolve('n8n-workflow');
		n8n('n8n-workflow');
		const Module = require('module');
		const resolve = Module._resolveFilename;
		Module._resolveFilename = function (request, ...more) {
			return request === 'n8n-workflow' ? workflow : resolve.call(this, request, ...more);
		};
		const { n8n: listed } = require(join(folder, 'package.json'));
		const started = performance.now();
		for (const file of [...listed.credentials, ...listed.nodes]) {
			for (const Type of Object.values(require(join(folder, file)))) new Type();
		}
		const loadMs = performance.now() - started;
		const bytes = readdirSync(join(folder, 'dist'), { recursive: true })
			.map((name) => statSync(join(folder, 'dist', name)))
			.filter((file) => file.isFile())
			.reduce((sum, file) => sum + file.size, 0);
		console.log(JSON.stringify({ loadMs, bytes }));
	`;
	const times: number[] = [];
	let distBytes = 0;
	for (let time = 0; time < TIMES; time++) {
		const { stdout } = await run(stage.n8n.node, ['-e', script]);
		const { loadMs, bytes } = JSON.parse(stdout) as { loadMs: number; bytes: number };
		times.push(loadMs);
		distBytes = bytes;
	}
	const { size: tarballBytes } = await stat(stage.packed.tarball);
	return { tarballBytes, distBytes, loadMs: Math.round((median(times) ?? 0) * 10) / 10 };
}
