import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { NAMESPACES } from '../../emulator/identityService/namespaces.mts';
import type { Emulator } from '../../emulator/emulator.mts';
import { weatherOptions } from '../../emulator/weather.mts';
import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { connectionStringOf, withAdobe } from '../support/adobe.mts';
import { runConnectionNode } from '../support/connectionNode.mts';
import { editorContext } from '../support/core.mts';
import { executionHints, runDataflowNode, wireDataflowNode } from '../support/dataflowNode.mts';
import { makeScratchDatabase } from '../support/scratchDatabase.mts';
import { newDataflows } from './newDataflow.mts';

const TABLE: INodeParameters = {
	table: 'public.customers',
	datasetSource: 'create',
	datasetName: 'People',
	schedule: 'once',
};
const IDENTITY: INodeParameters = {
	...TABLE,
	primaryIdentityColumn: 'email',
	identityNamespace: 'Email',
};
const PROFILE: INodeParameters = { ...IDENTITY, enableForProfile: true, confirmProfile: true };

const REGISTRY = '/data/foundation/schemaregistry/tenant';

describe('Create a dataflow into a dataset made from the table', () => {
	const { adobe, create, parameters, refusal, writes, sent, expectNothingMade } = newDataflows();

	/** What Adobe has afterwards. */
	const shown = (json: IDataObject) => shownBy(adobe, String(json.datasetId));

	describe('with an identity', () => {
		it('makes the descriptor of the column’s field, and enables nothing for Profile', async () => {
			const json = await create(IDENTITY);
			expect(writes()).toStrictEqual([
				'POST fieldgroups',
				'POST schemas',
				'POST descriptors',
				'POST dataSets',
				'POST sourceConnections',
				'POST mappingSets',
				'POST targetConnections',
				'POST flows',
			]);
			expect(json).toMatchObject({
				action: 'created',
				primaryIdentityColumn: 'email',
				identityNamespace: 'Email',
				profileEnabled: false,
			});
			const { union, tags, identities } = shown(json);
			expect(sent('/tenant/descriptors')).toStrictEqual({
				'@type': 'xdm:descriptorIdentity',
				'xdm:sourceSchema': expect.stringMatching(/^https:.*\/schemas\//),
				'xdm:sourceVersion': 1,
				'xdm:sourceProperty': '/_emulator/email',
				'xdm:namespace': 'Email',
				'xdm:property': 'xdm:code',
				'xdm:isPrimary': true,
			});
			expect(identities).toHaveLength(1);
			expect(union).toBeUndefined();
			expect(tags).toStrictEqual({});
		});
	});

	describe('for Profile', () => {
		it.each([
			[false, ['enabled:true']],
			[true, ['enabled:true', 'isUpsert:true']],
		])(
			'enables the schema and then the dataset, as late as it can, with upsert %s',
			async (upsertProfiles, unifiedProfile) => {
				const json = await create({ ...PROFILE, upsertProfiles });
				expect(writes()).toStrictEqual([
					'POST fieldgroups',
					'POST schemas',
					'POST descriptors',
					'POST sourceConnections',
					'POST mappingSets',
					expect.stringMatching(/^PATCH .*schemas/),
					'POST dataSets',
					'POST targetConnections',
					'POST flows',
				]);
				expect(json).toMatchObject({ action: 'created', profileEnabled: true });
				const { union, tags, identities } = shown(json);
				expect(identities).toMatchObject([
					{
						'xdm:sourceProperty': '/_emulator/email',
						'xdm:namespace': 'Email',
						'xdm:isPrimary': true,
					},
				]);
				expect(union).toStrictEqual(['union']);
				expect(tags).toStrictEqual({ unifiedProfile, unifiedIdentity: ['enabled:true'] });
			},
		);

		it('loads every row', async () => {
			const json = await create(PROFILE);
			await adobe.advanceClock(10 * 60_000);
			const rows = await adobe.lakeRows(String(json.datasetId));
			expect(rows.length).toBeGreaterThan(0);
			expect(rows[0]?._emulator).toHaveProperty('email');
		});
	});

	it('says whether an existing dataset is enabled for Profile', async () => {
		expect(await create()).toMatchObject({ action: 'created', profileEnabled: false });
		expect(await create()).toMatchObject({ action: 'unchanged', profileEnabled: false });
		const { datasetId, ...made } = await create({ ...PROFILE, name: 'People' });
		expect(made).toMatchObject({ profileEnabled: true });
		const into = { name: 'Again', table: 'public.customers', dataset: String(datasetId) };
		expect(await create(into)).toMatchObject({ profileEnabled: true });
	});

	describe('refuses, before anything is written,', () => {
		it.each<[string, INodeParameters, string, string]>([
			[
				'a column that is no text',
				{ ...IDENTITY, table: 'public.orders', primaryIdentityColumn: 'id' },
				"'Primary Identity Column' must be a text column; 'id' (integer) is not",
				'customer_id, status',
			],
			[
				'a column that the table does not have',
				{ ...IDENTITY, primaryIdentityColumn: 'e_mail' },
				"The table has no column 'e_mail' ('Primary Identity Column')",
				'email',
			],
			[
				'a column by an expression that gives nothing',
				{ ...IDENTITY, primaryIdentityColumn: '={{ null }}' },
				"'Primary Identity Column' has no value",
				'',
			],
			['no namespace', { ...IDENTITY, identityNamespace: '' }, "'Identity Namespace' is empty", ''],
			[
				'a namespace that Adobe does not know',
				{ ...IDENTITY, identityNamespace: 'Mail' },
				"Adobe has no identity namespace with the code 'Mail' ('Identity Namespace')",
				'Email',
			],
			[
				'a namespace in another case',
				{ ...IDENTITY, identityNamespace: 'email' },
				"Adobe has no identity namespace with the code 'email' ('Identity Namespace')",
				'Do you mean Email?',
			],
			[
				'a namespace that is not in use any more',
				{ ...IDENTITY, identityNamespace: 'OldCRM' },
				"Adobe has no identity namespace with the code 'OldCRM' ('Identity Namespace')",
				'CRMID',
			],
			[
				'Profile that was not confirmed',
				{ ...PROFILE, confirmProfile: false },
				"'Enable for Profile' is not confirmed",
				'cannot be undone',
			],
			[
				'events',
				{
					...IDENTITY,
					table: 'public.orders',
					schemaClass: 'experienceEvent',
					eventIdColumn: 'id',
					eventTimeColumn: 'updated_at',
				},
				"'Primary Identity Column' needs the class XDM Individual Profile",
				'',
			],
		])('%s', async (_what, changes, message, advice) => {
			const thrown = await refusal(changes);
			expect(thrown.message).toBe(`${message} [item 0]`);
			expect(thrown.description).toContain(advice);
			expectNothingMade();
		});

		it('an identity whose namespaces the credential may not see', async () => {
			const client = adobe.addClient({ dataPermissions: ['View Schemas', 'View Datasets'] });
			const { clientId, clientSecret } = client;
			const ims = { clientId, clientSecret };
			await expect(runDataflowNode(adobe, parameters(IDENTITY), { ims })).rejects.toMatchObject({
				description: expect.stringContaining("'View Identity Namespaces'"),
			});
			expectNothingMade();
		});
	});

	describe('made again', () => {
		it('with the same settings is unchanged', async () => {
			const first = await create(PROFILE);
			expect(await create(PROFILE)).toMatchObject({
				flowId: first.flowId,
				action: 'unchanged',
				profileEnabled: true,
				differences: [],
			});
		});

		it.each<[string, INodeParameters, INodeParameters, string[]]>([
			[
				'another column',
				IDENTITY,
				{ primaryIdentityColumn: 'full_name' },
				['primaryIdentityColumn'],
			],
			['no column', IDENTITY, { primaryIdentityColumn: '' }, ['primaryIdentityColumn']],
			['another namespace', IDENTITY, { identityNamespace: 'CRMID' }, ['identityNamespace']],
			['Profile', IDENTITY, PROFILE, ['enableForProfile']],
			[
				'Profile without upsert',
				{ ...PROFILE, upsertProfiles: true },
				{ upsertProfiles: false },
				['upsertProfiles'],
			],
			['no Profile', PROFILE, { enableForProfile: false }, ['enableForProfile']],
			['an identity at last', TABLE, IDENTITY, ['primaryIdentityColumn']],
		])(
			'with %s says what differs, and changes nothing',
			async (_what, before, after, differences) => {
				await create(before);
				adobe.journal.length = 0;
				const json = await create({ ...before, ...after });
				expect(json).toMatchObject({ action: 'kept', differences });
				expect(writes()).toStrictEqual([]);
				const thrown = await refusal({ ...before, ...after, options: { ifExists: 'update' } });
				expect(thrown.message).toBe(
					"Create can't change the identity or Profile of an existing dataset [item 0]",
				);
				expect(writes()).toStrictEqual([]);
			},
		);
	});

	describe('when a step fails', () => {
		it.each([
			['POST', `${REGISTRY}/descriptors`],
			['POST', '/data/foundation/flowservice/sourceConnections'],
			['POST', '/data/foundation/conversion/mappingSets'],
			['PATCH', `${REGISTRY}/schemas/{id}`],
		])('leaves nothing behind: %s %s', async (method, path) => {
			const before = leftAt(adobe);
			adobe.addFault({ method, path, kind: 'status', status: 400 });
			const thrown = await refusal(PROFILE);
			expect(thrown.description).not.toContain('delete it yourself');
			expect(thrown.description).not.toContain("can't undo");
			expect(leftAt(adobe)).toStrictEqual(before);
		});

		it.each([
			['POST', '/data/foundation/catalog/dataSets'],
			['POST', '/data/foundation/flowservice/targetConnections'],
			['POST', '/data/foundation/flowservice/flows'],
		])('after the schema was enabled, says what can’t be undone: %s %s', async (method, path) => {
			const before = leftAt(adobe);
			adobe.addFault({ method, path, kind: 'status', status: 400 });
			const thrown = await refusal(PROFILE);
			expect(thrown.description).toMatch(
				/The schema https:\S+ was enabled for Profile, which Adobe can't undo\./,
			);
			expect(thrown.description).toMatch(
				/delete it yourself: the identity descriptor .*; the schema/,
			);
			const { dataSets, flows, ends } = leftAt(adobe);
			expect({ dataSets, flows, ends }).toStrictEqual({
				dataSets: before.dataSets,
				flows: before.flows,
				ends: before.ends,
			});
		});
	});

	describe('when an answer is lost', () => {
		it.each([
			['POST', `${REGISTRY}/descriptors`],
			['PATCH', `${REGISTRY}/schemas/{id}`],
			['POST', '/data/foundation/catalog/dataSets'],
		])(
			'has made everything once: %s %s',
			async (method, path) => {
				adobe.addFault({ method, path, kind: 'reset', when: 'after' });
				const json = await create(PROFILE);
				expect(json).toMatchObject({ action: 'created', profileEnabled: true });
				expect(json).not.toHaveProperty('possiblyLeftBehind');
				const { union, identities } = shown(json);
				expect(union).toStrictEqual(['union']);
				expect(identities).toHaveLength(1);
				expect(adobe.dataSets().filter(({ name }) => name === 'People')).toHaveLength(1);
			},
			60_000,
		);
	});

	it('warns of rows that have no identity', async () => {
		const database = await makeScratchDatabase();
		try {
			await database.owner.query(
				"create table half_known as select 1 as id, null::text as email union all select 2, 'a@b.c'; grant select on half_known to public",
			);
			const connectionString = connectionStringOf({ ...adobe.postgres, database: database.name });
			const [made] = await runConnectionNode(
				adobe,
				{ operation: 'create', name: 'Half' },
				{ source: { authMode: 'connectionString', connectionString } },
			);
			const connectionId = String(made?.json.connectionId);
			const changes = { ...IDENTITY, connectionId, table: 'public.half_known' };
			const { items, hints } = await executionHints(wireDataflowNode(adobe, parameters(changes)));
			const warning =
				"1 of the first 2 rows have no value in 'email': without an identity, a row does not become part of a profile";
			expect(items[0]?.json).toMatchObject({ warnings: [warning] });
			expect(hints).toStrictEqual([expect.stringContaining(warning)]);
		} finally {
			await database.drop();
		}
	});

	describe('in the editor', () => {
		it('offers the columns that can be it, and the namespaces in use', async () => {
			const wired = wireDataflowNode(adobe, parameters(IDENTITY));
			const { loadOptions } = new AdobePostgreSqlDataflow().methods;
			const columns = await loadOptions.getIdentityColumns.call(editorContext(wired));
			expect(columns[0]).toMatchObject({ name: 'None', value: '' });
			expect(columns.map(({ value }) => value)).toContain('email');
			expect(columns.map(({ value }) => value)).not.toContain('newsletter');
			const namespaces = await loadOptions.getIdentityNamespaces.call(editorContext(wired));
			const inUse = NAMESPACES.filter(({ status }) => status === 'ACTIVE').map(({ code }) => code);
			expect(namespaces.map(({ value }) => value).sort()).toStrictEqual(inUse.sort());
			expect(namespaces).toContainEqual({
				name: 'CRM ID (CRMID)',
				value: 'CRMID',
				description: 'Type: CROSS_DEVICE',
			});
		});
	});
});

describe('Create for Profile in foul weather', () => {
	it.each<'foul' | number>(['foul', 1, 2, 3])(
		'%s makes the same',
		async (weather) => {
			await withAdobe(weatherOptions(weather), async (adobe) => {
				const [made] = await runConnectionNode(adobe, { operation: 'create', name: 'Sales' });
				const connectionId = String(made?.json.connectionId);
				const wanted = { operation: 'create', name: 'People', connectionId, ...PROFILE };
				const [item] = await runDataflowNode(adobe, wanted);
				expect(item?.json).toMatchObject({ action: 'created', profileEnabled: true });
				// Until lists show what was made.
				await new Promise((resolve) => setTimeout(resolve, 3_100));
				const [again] = await runDataflowNode(adobe, wanted);
				expect(again?.json).toMatchObject({
					action: 'unchanged',
					profileEnabled: true,
					flowId: item?.json.flowId,
				});
			});
		},
		60_000,
	);
});

function shownBy(adobe: Emulator, datasetId: string) {
	const dataSet = adobe.dataSets().find(({ id }) => id === datasetId);
	const schema = adobe.schemas().find(({ $id }) => $id === dataSet?.schemaRef.id);
	const identities = adobe
		.descriptors()
		.filter(({ sourceSchema }) => sourceSchema === schema?.$id)
		.map(({ body }) => body);
	return { tags: dataSet?.tags, union: schema?.definition['meta:immutableTags'], identities };
}

/** How many of each there are. */
function leftAt(adobe: Emulator) {
	return {
		schemas: adobe.schemas().length,
		identities: adobe.descriptors().length,
		dataSets: adobe.dataSets().length,
		flows: adobe.flows().length,
		ends: adobe.sourceConnections().length + adobe.targetConnections().length,
	};
}
