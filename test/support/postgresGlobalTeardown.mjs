import { once } from 'node:events';

export default async function stopTestPostgres() {
	const child = globalThis.adobePgTestPostgres;
	if (child === undefined || child.exitCode !== null) return;
	delete globalThis.adobePgTestPostgres;
	delete process.env.ADOBE_PG_TEST_POSTGRES;
	child.ref();
	const closed = once(child, 'exit');
	child.stdin.end();
	await closed;
}
