import { writeFileSync } from 'node:fs';
import Module from 'node:module';

/**
 * Loaded into n8n before anything else: counts how often a credential is decrypted, and says at the
 * end how much memory the process has used at its peak. Where to: `BENCH_PROBE`.
 */
const internals = Module as unknown as {
	_load: (request: string, ...more: unknown[]) => unknown;
};
const load = internals._load;
let decryptions = 0;
let isWrapped = false;

interface Core {
	Credentials?: { prototype: { getData: (...args: unknown[]) => unknown } };
}

internals._load = function (request, ...more) {
	const loaded = load.call(this, request, ...more);
	if (request === 'n8n-core' && !isWrapped) wrap(loaded as Core);
	return loaded;
};

function wrap({ Credentials }: Core): void {
	if (Credentials === undefined) return;
	isWrapped = true;
	const { getData } = Credentials.prototype;
	Credentials.prototype.getData = function (...args) {
		decryptions++;
		return getData.apply(this, args);
	};
}

process.on('exit', () => {
	const file = process.env.BENCH_PROBE;
	// `maxRSS` is in kilobytes on every platform.
	const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
	if (file)
		writeFileSync(file, JSON.stringify({ decryptions: isWrapped ? decryptions : null, peakRssMb }));
});
