import type { IDataObject } from 'n8n-workflow';

import type * as Module from '../../nodes/AdobePostgreSqlConnection/connection/upsert/detailsFingerprint.ts';
import type { ItemClient } from '../../nodes/platform/client.ts';
import { fakeClient } from '../adobe/client.mts';

const ID = '2c15b1c5-73bf-47ab-9098-0467fcd854d9';
const details = (password: string) => ({
	authMode: 'basic' as const,
	params: { server: 'db.example.com', password },
});

/** The module as another process of n8n has it, with nothing in its memory. */
function inAnotherProcess(): typeof Module {
	let loaded: typeof Module | undefined;
	jest.isolateModules(() => {
		loaded = jest.requireActual<typeof Module>(
			'../../nodes/AdobePostgreSqlConnection/connection/upsert/detailsFingerprint.ts',
		);
	});
	if (loaded === undefined) throw new Error('The module was not loaded');
	return loaded;
}

function clientOf(secret: string): ItemClient {
	return {
		...fakeClient({}),
		fingerprint: (text) => Buffer.from(secret + text).toString('base64'),
	};
}

describe('The memory of what was sent', () => {
	const client = clientOf('secret-1');

	it('knows nothing at first', () => {
		const { DetailsMemory } = inAnotherProcess();
		expect(new DetailsMemory({}).knowledge(client, ID, details('a'))).toBe('unknown');
	});

	it.each([
		['the same details', 'a', 'same'],
		['a new password', 'b', 'other'],
	])('tells %s within a process, without static data', (_case, password, knowledge) => {
		const { fingerprintOf, rememberSent, DetailsMemory } = inAnotherProcess();
		rememberSent(ID, fingerprintOf(client, details('a')));
		expect(new DetailsMemory({}).knowledge(client, ID, details(password))).toBe(knowledge);
	});

	it.each([
		['the same details', 'a', 'same'],
		['a new password', 'b', 'other'],
	])('tells %s after a restart, by the static data', (_case, password, knowledge) => {
		const stored: IDataObject = {};
		new (inAnotherProcess().DetailsMemory)(stored).remember(client, ID, details('a'));
		const kept = structuredClone(stored);
		const { DetailsMemory } = inAnotherProcess();
		expect(new DetailsMemory(kept).knowledge(client, ID, details(password))).toBe(knowledge);
	});

	it('does not depend on the order of the parameters', () => {
		const { DetailsMemory } = inAnotherProcess();
		const memory = new DetailsMemory({});
		memory.remember(client, ID, { authMode: 'basic', params: { a: '1', b: '2' } });
		const turned = { authMode: 'basic' as const, params: { b: '2', a: '1' } };
		expect(memory.knowledge(client, ID, turned)).toBe('same');
	});

	it('goes by the newer one of process and static data', async () => {
		const first = inAnotherProcess();
		const stored: IDataObject = {};
		const memory = new first.DetailsMemory(stored);
		memory.remember(client, ID, details('old'));
		await new Promise((resolve) => setTimeout(resolve, 5));
		new (inAnotherProcess().DetailsMemory)(stored).remember(client, ID, details('new'));
		expect(memory.knowledge(client, ID, details('old'))).toBe('other');
		expect(memory.knowledge(client, ID, details('new'))).toBe('same');
	});

	it('takes what was not sent for no knowledge, and notices when something else is given', () => {
		const stored: IDataObject = {};
		new (inAnotherProcess().DetailsMemory)(stored).noteUnsent(client, ID, details('a'));
		const memory = new (inAnotherProcess().DetailsMemory)(structuredClone(stored));
		expect(memory.knowledge(client, ID, details('a'))).toBe('unknown');
		expect(memory.knowledge(client, ID, details('b'))).toBe('other');
		memory.remember(client, ID, details('a'));
		expect(memory.knowledge(client, ID, details('a'))).toBe('same');
	});

	it('goes by what was sent, although something else was given later', () => {
		const { fingerprintOf, rememberSent, DetailsMemory } = inAnotherProcess();
		rememberSent(ID, fingerprintOf(client, details('a')));
		const stored: IDataObject = {};
		new (inAnotherProcess().DetailsMemory)(stored).noteUnsent(client, ID, details('b'));
		expect(new DetailsMemory(stored).knowledge(client, ID, details('b'))).toBe('other');
	});

	it('of a manual execution outlives the process once a production run has seen it', () => {
		const { fingerprintOf, rememberSent, DetailsMemory } = inAnotherProcess();
		// By hand: n8n stores nothing of the static data.
		rememberSent(ID, fingerprintOf(client, details('a')));
		const stored: IDataObject = {};
		expect(new DetailsMemory(stored).knowledge(client, ID, details('a'))).toBe('same');
		const afterRestart = new (inAnotherProcess().DetailsMemory)(structuredClone(stored));
		expect(afterRestart.knowledge(client, ID, details('b'))).toBe('other');
		expect(afterRestart.knowledge(client, ID, details('a'))).toBe('same');
	});

	it('keeps apart what was sent with two clients', () => {
		const stored: IDataObject = {};
		const other = clientOf('secret-2');
		const memory = new (inAnotherProcess().DetailsMemory)(stored);
		memory.remember(client, ID, details('a'));
		memory.remember(other, 'another ID', details('a'));
		const later = new (inAnotherProcess().DetailsMemory)(structuredClone(stored));
		expect(later.knowledge(client, ID, details('a'))).toBe('same');
		expect(later.knowledge(other, 'another ID', details('a'))).toBe('same');
	});

	it('is given up when the client secret is another one', () => {
		const stored: IDataObject = {};
		new (inAnotherProcess().DetailsMemory)(stored).remember(client, ID, details('a'));
		const { DetailsMemory } = inAnotherProcess();
		const memory = new DetailsMemory(stored);
		expect(memory.knowledge(clientOf('secret-2'), ID, details('a'))).toBe('unknown');
	});

	it.each<[string, unknown]>([
		['a list', []],
		['a text', 'x'],
		['an entry of another form', { [`${client.fingerprint('sentDetails')} ${ID}`]: 5 }],
		['an entry without a time', { [`${client.fingerprint('sentDetails')} ${ID}`]: 'abc' }],
	])('takes %s in the static data for nothing', (_case, sentDetails) => {
		const { DetailsMemory } = inAnotherProcess();
		const stored = { sentDetails } as IDataObject;
		const memory = new DetailsMemory(stored);
		expect(memory.knowledge(client, ID, details('a'))).toBe('unknown');
		memory.remember(client, ID, details('a'));
		expect(memory.knowledge(client, ID, details('a'))).toBe('same');
	});

	it('forgets the oldest of more than ten thousand, and keeps an ID called __proto__', () => {
		const { DetailsMemory } = inAnotherProcess();
		const stored: IDataObject = {};
		const memory = new DetailsMemory(stored);
		memory.remember(client, '__proto__', details('a'));
		expect(memory.knowledge(client, '__proto__', details('a'))).toBe('same');
		for (let index = 0; index < 10_000; index++) memory.remember(client, `c${index}`, details('a'));
		expect(Object.keys(stored.sentDetails as object)).toHaveLength(10_000);
		expect(memory.knowledge(client, '__proto__', details('a'))).toBe('unknown');
		expect(memory.knowledge(client, 'c0', details('a'))).toBe('same');
	});
});
