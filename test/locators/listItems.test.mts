import {
	connectionItem,
	dataflowItem,
	datasetItem,
	toldApart,
} from '../../nodes/locators/listItems';

const PRODUCTION = { platformOrigin: 'https://platform.adobe.io', sandboxName: 'prod' };
const STAGE = { ...PRODUCTION, platformOrigin: 'https://platform-stage.adobe.io' };
const ID = '2c15b1c5-73bf-47ab-9098-0467fcd854d9';
const DATASET_ID = '6019e0e7c5dcf718db5ebc71';

describe('An item in a list of the editor', () => {
	it.each([
		['a connection', connectionItem(PRODUCTION, { id: ID }), `source/accounts/${ID}`],
		['a dataflow', dataflowItem(PRODUCTION, { id: ID }), `source/dataflows/${ID}/activity`],
		['a dataset', datasetItem(PRODUCTION, { id: DATASET_ID }), `dataset/browse/${DATASET_ID}`],
	])('links to the page of %s', (_what, { url }, path) => {
		expect(url).toBe(`https://experience.adobe.com/#/sname:prod/platform/${path}`);
	});

	it('has no link where none is known', () => {
		expect(dataflowItem(STAGE, { id: ID }).url).toBeUndefined();
		expect(datasetItem(PRODUCTION, { id: 'other' }).url).toBeUndefined();
	});

	it.each([
		['a name of its own', [['Orders', undefined]], undefined, ['Orders']],
		[
			'a namesake',
			[['Orders'], ['Shop'], ['Orders']],
			undefined,
			['Orders (00000000)', 'Shop', 'Orders (00000002)'],
		],
		['a namesake on the page before', [['Orders']], 'Orders', ['Orders (00000000)']],
		['a schema', [['Orders', 'Loyalty']], undefined, ['Orders (schema Loyalty)']],
		['a schema of the same name', [['Orders', 'Orders']], undefined, ['Orders']],
		[
			'both',
			[
				['Orders', 'A'],
				['Orders', 'B'],
			],
			undefined,
			['Orders (schema A, 00000000)', 'Orders (schema B, 00000001)'],
		],
	])('shows %s', (_what, given, lastName, names) => {
		const items = given.map(([name, schema], index) =>
			datasetItem(STAGE, { id: `6019e0e7c5dcf718${String(index).padStart(8, '0')}`, name }, schema),
		);
		const shown = toldApart(items, lastName);
		expect(shown.map(({ name }) => name)).toStrictEqual(names);
		for (const item of shown) expect(item).not.toHaveProperty('hint');
	});
});
