import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { Fault } from '../../emulator/emulator.mts';
import { basicCredential, seedConnections, sharedAdobe } from '../support/adobe.mts';
import { requestsBy, runConnectionNode, thrownBy } from '../support/connectionNode.mts';
import { until } from '../support/until.mts';

const FLOW_SERVICE = '/data/foundation/flowservice/*';

describe('A write that Adobe gives no clear answer to', () => {
	const adobe = sharedAdobe();

	beforeEach(() => adobe.reset());

	const create = async (
		parameters: INodeParameters = {},
		items: INodeExecutionData[] = [{ json: {} }],
	) =>
		await runConnectionNode(
			adobe,
			{
				operation: 'create',
				verify: false,
				authMode: 'connectionString',
				name: 'Sales',
				...parameters,
			},
			{},
			items,
		);
	const made = async () => String((await create())[0]?.json.connectionId);
	const fault = (method: string, what: Omit<Fault, 'method'>) =>
		adobe.addFault({ method, path: FLOW_SERVICE, ...what });
	const posts = () => requestsBy(adobe, 'POST').length;

	describe('when it makes a connection', () => {
		it.each<[string, Omit<Fault, 'method'>, number]>([
			['a line cut after the work', { kind: 'reset', when: 'after' }, 1],
			['a line cut before the work', { kind: 'reset', when: 'before' }, 2],
			['500 after the work', { kind: 'status', status: 500, when: 'after' }, 1],
			['502 before the work', { kind: 'status', status: 502, when: 'before' }, 2],
			['an answer that is no JSON', { kind: 'malformed' }, 1],
			['an answer that breaks off', { kind: 'truncated' }, 1],
		])('after %s there is one, with the right ID', async (_case, what, requests) => {
			fault('POST', what);
			const [item] = await create();
			expect(adobe.connections().map(({ id }) => id)).toStrictEqual([item?.json.connectionId]);
			expect(item?.json).toMatchObject({ action: 'created', state: 'enabled', name: 'Sales' });
			expect(posts()).toBe(requests);
		});

		it('takes no older one of the same name for the new one', async () => {
			const older = await made();
			await new Promise((resolve) => setTimeout(resolve, 3_100));
			fault('POST', { kind: 'reset', when: 'before' });
			const [item] = await create();
			expect(item?.json.connectionId).not.toBe(older);
			expect(adobe.connections()).toHaveLength(2);
		});

		it('takes none that another item of the same name has got', async () => {
			fault('POST', { kind: 'reset', when: 'after', times: 3, skip: 2 });
			const items = Array.from({ length: 10 }, () => ({ json: {} }));
			const output = await create({}, items);
			const ids = output.map(({ json }) => String(json.connectionId)).sort();
			expect(ids).toStrictEqual(
				adobe
					.connections()
					.map(({ id }) => id)
					.sort(),
			);
			expect(new Set(ids).size).toBe(10);
			expect(posts()).toBe(10);
		});

		it('names the candidates when two came into being that may be its own', async () => {
			fault('POST', { kind: 'reset', when: 'after' });
			fault('GET', { kind: 'delay', delayMs: 400, times: 1 });
			const [thrown] = await Promise.all([
				thrownBy(async () => await create()),
				(async () => {
					while (posts() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
					// Another process, of which this one knows nothing.
					await seedConnections(adobe, ['Sales']);
				})(),
			]);
			expect(thrown.message).toContain('not clear which connection Adobe has made');
			for (const { id } of adobe.connections()) expect(thrown.description).toContain(id);
			expect(adobe.connections()).toHaveLength(2);
		});

		it('tells it from one with other details', async () => {
			fault('POST', { kind: 'reset', when: 'after' });
			fault('GET', { kind: 'delay', delayMs: 400, times: 1 });
			const [[item]] = await Promise.all([
				create(),
				(async () => {
					while (posts() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
					await runConnectionNode(
						adobe,
						{ operation: 'create', verify: false, name: 'Sales', authMode: 'basic' },
						{ source: basicCredential(adobe.postgres) },
					);
				})(),
			]);
			const ours = adobe.connections().find(({ auth }) => auth.specName.startsWith('Connection'));
			expect(item?.json.connectionId).toBe(ours?.id);
		});

		it('gives up after four tries, with one clear message', async () => {
			fault('POST', { kind: 'reset', when: 'before', times: 10 });
			const thrown = await thrownBy(async () => await create());
			expect(thrown.message).toContain('not clear whether Adobe has made the connection');
			expect(posts()).toBe(4);
			expect(adobe.connections()).toHaveLength(0);
		}, 30_000);

		it('says that it is not clear where the line was cut, and a second try was refused', async () => {
			fault('POST', { kind: 'reset', when: 'before' });
			fault('POST', { kind: 'status', status: 403 });
			const thrown = await thrownBy(async () => await create());
			expect(thrown.message).toContain('not clear whether Adobe has made the connection');
			expect(thrown.description).toContain('not allowed to do this');
		});

		it('is not sent again while Adobe may still be working on it', async () => {
			fault('POST', { kind: 'delay', delayMs: 1_500, when: 'before' });
			const thrown = await thrownBy(async () => await create({ options: { timeout: 0.5 } }));
			expect(thrown.message).toContain('not clear whether Adobe has made the connection');
			expect(posts()).toBe(1);
			// It comes into being after all, and must not do so in the next test.
			await until(() => adobe.connections().length === 1);
		});
	});

	describe('when it changes a connection', () => {
		const update = async (id: string, parameters: INodeParameters) =>
			await runConnectionNode(adobe, {
				operation: 'update',
				connectionId: { __rl: true, mode: 'id', value: id },
				...parameters,
			});
		const patches = () => requestsBy(adobe, 'PATCH').length;

		it.each<[string, Omit<Fault, 'method'>, number]>([
			['a line cut after the work', { kind: 'reset', when: 'after' }, 1],
			['a line cut before the work', { kind: 'reset', when: 'before' }, 2],
			['500 after the work', { kind: 'status', status: 500, when: 'after' }, 1],
			['504 before the work', { kind: 'status', status: 504, when: 'before' }, 2],
		])('after %s it is read back, and changed once', async (_case, what, requests) => {
			const id = await made();
			const before = adobe.connections()[0]?.etag;
			fault('PATCH', what);
			const [item] = await update(id, {
				updateFields: { name: 'EU' },
				replaceDatabaseDetails: true,
			});
			const stored = adobe.connections()[0];
			expect(item?.json).toMatchObject({ action: 'updated', name: 'EU', etag: stored?.etag });
			expect(stored?.name).toBe('EU');
			expect(stored?.etag).not.toBe(before);
			expect(patches()).toBe(requests);
		});

		it('says that it is not clear when it can’t be read back', async () => {
			const id = await made();
			fault('PATCH', { kind: 'reset', when: 'after' });
			fault('GET', { kind: 'status', status: 403, skip: 1 });
			const thrown = await thrownBy(async () => await update(id, { updateFields: { name: 'EU' } }));
			expect(thrown.message).toContain('not clear whether Adobe has changed the connection');
			expect(patches()).toBe(1);
		});

		it('says that it is not clear where the line was cut, and a second try was refused', async () => {
			const id = await made();
			fault('PATCH', { kind: 'reset', when: 'before' });
			fault('PATCH', { kind: 'status', status: 403 });
			const thrown = await thrownBy(async () => await update(id, { updateFields: { name: 'EU' } }));
			expect(thrown.message).toContain('not clear whether Adobe has changed the connection');
			expect(thrown.description).toContain('not allowed to do this');
		});

		it('gives up after four tries', async () => {
			const id = await made();
			fault('PATCH', { kind: 'reset', when: 'before', times: 10 });
			const thrown = await thrownBy(async () => await update(id, { updateFields: { name: 'EU' } }));
			expect(thrown.message).toContain('not clear whether Adobe has changed the connection');
			expect(patches()).toBe(4);
			expect(adobe.connections()[0]?.name).toBe('Sales');
		});
	});
});
