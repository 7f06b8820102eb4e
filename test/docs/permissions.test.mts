import { readFileSync } from 'node:fs';

import type { IDataObject } from 'n8n-workflow';

import type { Client, Emulator } from '../../emulator/emulator.mts';
import type { Permission } from '../../nodes/platform/permissions';
import { thrownBy } from '../support/connectionNode.mts';
import { executeNode } from '../support/core.mts';
import { DATAFLOW_OPERATIONS, withOrders } from '../support/dataflowOperations.mts';
import type { Row } from '../support/operations.mts';
import { OPERATIONS, wireRow, withSales } from '../support/operations.mts';

type Scene = (test: (adobe: Emulator, item: IDataObject) => Promise<void>) => Promise<void>;

/** What the page says, by operation. */
const PAGE = new Map(
	[
		...readFileSync('docs/permissions.md', 'utf8').matchAll(
			/^\| (\w+: [^|]+?) +\| ([^|]+?) +\|$/gm,
		),
	].map(([, title = '', permissions = '']) => [title, permissions.split(', ') as Permission[]]),
);

function fromTheTable(row: Row): Row {
	const parameters = {
		...row.parameters,
		datasetSource: 'create',
		datasetName: 'From the table',
		schemaClass: 'profile',
	};
	return { ...row, title: `${row.title} (dataset from the table)`, parameters };
}

function withIdentity(row: Row): Row {
	const made = fromTheTable(row);
	const parameters = {
		...made.parameters,
		primaryIdentityColumn: 'customer_id',
		identityNamespace: 'CRMID',
		enableForProfile: true,
		confirmProfile: true,
	};
	return { ...made, title: `${row.title} (dataset with an identity)`, parameters };
}

function withMapping(row: Row): Row {
	return {
		...row,
		title: `${row.title} (mapping)`,
		parameters: {
			...row.parameters,
			newMapping: 'json',
			mappings: '[{ "source": "id", "destination": "_id" }]',
		},
	};
}

/** The same operation with what needs other permissions. */
const VARIANTS: Record<string, Array<(row: Row) => Row>> = {
	'Dataflow: Create': [fromTheTable, withIdentity],
	'Dataflow: Update': [withMapping],
};

const ROWS: Array<[string, Row, Scene]> = [
	...OPERATIONS.map((row): [string, Row, Scene] => [row.title, row, withSales]),
	...DATAFLOW_OPERATIONS.flatMap((row) => [
		row,
		...(VARIANTS[row.title] ?? []).map((variant) => variant(row)),
	]).map((row): [string, Row, Scene] => [
		row.title,
		row,
		async (test) => await withOrders(row, test),
	]),
];

/** A credential whose role has these permissions and no other, once the row has what only it can make. */
async function credentialWith(
	adobe: Emulator,
	permissions: readonly Permission[],
	row: Row,
	item: IDataObject,
) {
	const client = adobe.addClient({});
	const { clientId, clientSecret } = client;
	await row.withCredential?.(adobe, item, { clientId, clientSecret });
	Object.assign(client, {
		permissions: [
			...(permissions.includes('View Sources') ? (['read'] as const) : []),
			...(permissions.includes('Manage Sources') ? (['write'] as const) : []),
		],
		dataPermissions: permissions.filter((one) => !one.endsWith('Sources')) as Array<
			Exclude<Permission, 'View Sources' | 'Manage Sources'>
		>,
	} satisfies Partial<Client>);
	return { clientId, clientSecret };
}

describe('The page about permissions', () => {
	it('has every operation, and no other', () => {
		expect([...PAGE.keys()].sort()).toStrictEqual(ROWS.map(([title]) => title).sort());
	});

	describe.each(ROWS)('%s', (title, row, scene) => {
		const permissions = PAGE.get(title) ?? [];

		it('needs no more than the page says', async () => {
			await scene(async (adobe, json) => {
				const ims = await credentialWith(adobe, permissions, row, json);
				const items = await executeNode(wireRow(adobe, row, { ims }), [{ json }]);
				expect(items.length).toBeGreaterThan(0);
			});
		});

		it.each(permissions)('says so when it lacks %s', async (missing) => {
			await scene(async (adobe, json) => {
				const others = permissions.filter((one) => one !== missing);
				const ims = await credentialWith(adobe, others, row, json);
				const thrown = await thrownBy(
					async () => await executeNode(wireRow(adobe, row, { ims }), [{ json }]),
				);
				expect(thrown.description).toContain(`'${missing}'`);
			});
		});
	});
});
