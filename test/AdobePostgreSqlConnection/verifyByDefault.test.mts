import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import {
	basicCredential,
	connectionStringCredential,
	seedConnections,
	sharedAdobe,
	withAdobe,
} from '../support/adobe.mts';
import type { NodeSetup } from '../support/connectionNode.mts';
import {
	flowServiceRequests,
	requestsBy,
	runConnectionNode,
	thrownBy,
} from '../support/connectionNode.mts';

const TEST = '/data/foundation/flowservice/connections/{id}/test';

/** A connection that Adobe cannot log in with is never a green tick, unless somebody says so. */
describe('With the settings that a new node has', () => {
	const adobe = sharedAdobe();

	beforeEach(() => adobe.reset());

	const run = async (parameters: INodeParameters = {}, setup: NodeSetup = {}) =>
		(await runConnectionNode(adobe, { name: 'Sales', ...parameters }, setup))[0]?.json ?? {};
	const withPassword = (password: string): NodeSetup => ({
		source: { ...basicCredential(adobe.postgres), password },
	});
	const byId = (id: unknown) => ({ __rl: true, mode: 'id', value: String(id) });
	const tests = () =>
		flowServiceRequests(adobe).filter(({ path }) => path.endsWith('/test')).length;
	const patches = () => requestsBy(adobe, 'PATCH').length;
	const CANNOT = 'Adobe cannot log in to the database';
	const COULD_NOT = 'Adobe could not log in to the database';

	it('the operation is Create or Update, and Adobe logs in before the ID is returned', async () => {
		expect(await run()).toMatchObject({ action: 'created', state: 'enabled', verified: true });
		expect(await run()).toMatchObject({ action: 'unchanged' });
		expect(tests()).toBe(1);
	});

	it.each(['create', 'upsert'])(
		'%s fails for a wrong password, and removes what it made',
		async (operation) => {
			const thrown = await thrownBy(
				async () => await run({ operation }, withPassword('wrong-pass-1')),
			);
			expect(thrown.message).toContain(COULD_NOT);
			expect(adobe.connections()).toHaveLength(0);
		},
	);

	it('on Continue, it is an error item', async () => {
		const json = await run(
			{},
			{ ...withPassword('wrong-pass-1'), onError: 'continueRegularOutput' },
		);
		expect(json.error).toContain(COULD_NOT);
		expect(json).not.toHaveProperty('action');
	});

	it('a changed connection that fails is kept, and fails again until its details are right', async () => {
		const { connectionId } = await run();
		for (let night = 0; night < 2; night++) {
			const thrown = await thrownBy(async () => await run({}, withPassword('wrong-pass-2')));
			expect(thrown.message).toContain(CANNOT);
			expect(thrown.description).toContain(String(connectionId));
		}
		expect(await run()).toMatchObject({ connectionId, action: 'updated', verified: true });
		expect(await run()).toMatchObject({ connectionId, action: 'unchanged' });
	});

	it('one that could not be tested the first time is tested the next time', async () => {
		// As often as one request is tried.
		adobe.addFault({ path: TEST, kind: 'status', status: 500, times: 4 });
		const thrown = await thrownBy(async () => await run());
		expect(thrown.message).toContain('could not be verified');
		const [kept] = adobe.connections();
		expect(await run()).toMatchObject({ connectionId: kept?.id, verified: true });
		expect(adobe.connections()).toHaveLength(1);
	});

	it('Update tests what it has changed', async () => {
		const { connectionId } = await run();
		const update = async (parameters: INodeParameters, setup?: NodeSetup) =>
			await run(
				{ operation: 'update', connectionId: byId(connectionId), ...parameters } as INodeParameters,
				setup,
			);
		expect(await update({ updateFields: { name: 'Sales EU' } })).toMatchObject({
			...{ name: 'Sales EU', action: 'updated', verified: true },
		});
		const thrown = await thrownBy(
			async () => await update({ replaceDatabaseDetails: true }, withPassword('wrong-pass-3')),
		);
		expect(thrown.message).toContain(CANNOT);
		expect(adobe.connections()).toHaveLength(1);
		// Also where nothing is changed: a connection that fails is no success of an Update.
		const again = await thrownBy(async () => await update({ updateFields: { name: 'Sales EU' } }));
		expect(again.message).toContain(`The connection needed no change, but ${CANNOT}`);
		expect(again.description).toContain('were not changed');
		const renamed = await thrownBy(async () => await update({ updateFields: { name: 'Sales' } }));
		expect(renamed.message).toContain(`The connection was changed, but ${CANNOT}`);
		expect(renamed.description).toContain('were not changed');
	});

	it('what is still initializing is waited for, also by an execution that changes nothing', async () => {
		await withAdobe({ cloud: 'aws', initializingPolls: 3 }, async (aws) => {
			const upsert = async (parameters: INodeParameters) =>
				(
					await runConnectionNode(
						aws,
						{ name: 'Sales', cloud: 'aws', ...parameters },
						{ source: basicCredential(aws.postgres, 'false') },
					)
				)[0]?.json;
			expect(await upsert({ verify: false })).toMatchObject({ state: 'initializing' });
			expect(await upsert({})).toMatchObject({
				...{ action: 'unchanged', state: 'enabled', verified: true },
			});
		});
	});

	it('one that somebody has disabled is not passed on as if it worked', async () => {
		const { connectionId } = await run();
		Object.assign(adobe.connections()[0] ?? {}, { state: 'disabled' });
		const thrown = await thrownBy(async () => await run());
		expect(thrown.message).toContain('The connection was left unchanged but could not be verified');
		expect(thrown.message).toContain("it is 'disabled'");
		expect(thrown.description).toContain(String(connectionId));
	});

	it('1,000 unchanged connections take some 30 requests and no log-in', async () => {
		const names = Array.from({ length: 1_000 }, (_, index) => `db ${index}`);
		await seedConnections(adobe, names);
		adobe.journal.length = 0;
		const items = await runConnectionNode(
			adobe,
			{ name: '={{ $json.name }}', authMode: 'connectionString' },
			{},
			names.map((name) => ({ json: { name } })),
		);
		expect(new Set(items.map(({ json }) => json.action))).toStrictEqual(new Set(['unchanged']));
		expect(flowServiceRequests(adobe).length).toBeLessThanOrEqual(30);
		expect(tests()).toBe(0);
	}, 120_000);

	describe('Verify Unchanged', () => {
		const options = { verifyUnchanged: true };

		it('tests what is left alone as well', async () => {
			await run();
			expect(await run({ options })).toMatchObject({ action: 'unchanged', verified: true });
			expect(await run({ verify: false, options })).toMatchObject({ verified: true });
			expect(await run({ verify: false })).not.toHaveProperty('verified');
			expect(tests()).toBe(3);
			expect(patches()).toBe(0);
		});
	});

	describe('Authentication is Basic', () => {
		const WAYS: Array<[string, () => ICredentialDataDecryptedObject]> = [
			['field by field', () => basicCredential(adobe.postgres)],
			['as a connection string', () => connectionStringCredential(adobe.postgres)],
		];

		it.each(WAYS)('with a credential that holds the details %s', async (_way, source) => {
			expect(await run({}, { source: source() })).toMatchObject({
				...{ action: 'created', authMode: 'basic', verified: true },
			} as IDataObject);
			expect(adobe.connections()[0]?.auth.specName).toBe('Basic Authentication');
		});

		it.each(WAYS)('or Account Key, with a credential %s', async (_way, source) => {
			const json = await run({ authMode: 'connectionString' }, { source: source() });
			expect(json).toMatchObject({ authMode: 'connectionString', verified: true });
		});
	});
});
