import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { NodeSetup } from '../support/connectionNode.mts';
import { runDataflowNode } from '../support/dataflowNode.mts';
import { newDataflows } from './newDataflow.mts';

const MAPPINGS = [
	{ source: 'id', destination: '_id' },
	{ source: 'total * 2', destination: '_emulator.total', sourceType: 'EXPRESSION' },
	{ source: 'shop', destination: '_emulator.status', sourceType: 'STATIC' },
];

describe('Get Mapping', () => {
	const { adobe, create, datasetId } = newDataflows();

	const get = async (flowId: unknown, setup: NodeSetup = {}): Promise<IDataObject[]> =>
		(await runDataflowNode(adobe, { operation: 'getMapping', flowId: String(flowId) }, setup)).map(
			({ json }) => json,
		);
	const made = async (changes: INodeParameters = {}) =>
		await create({ mapping: 'json', mappings: JSON.stringify(MAPPINGS), ...changes });

	it('gives one item a field, with what the schema says of it', async () => {
		const { flowId, mappingId } = await made();
		const items = await get(flowId);
		expect(items).toMatchObject([
			{ destination: '_id', source: 'id', sourceType: 'ATTRIBUTE', fieldType: 'string' },
			{ source: 'total * 2', sourceType: 'EXPRESSION', fieldType: 'number', required: false },
			{ destination: '_emulator.status', source: 'shop', sourceType: 'STATIC' },
		]);
		for (const item of items) {
			expect(item).toMatchObject({
				name: 'Orders',
				table: 'public.orders',
				dataset: 'Orders',
				datasetId: datasetId(),
				mappingId,
				mappingVersion: 0,
			});
		}
	});

	it('says which fields the schema requires', async () => {
		const dataset = adobe.addDataSet({
			name: 'Strict',
			fields: { total: 'number', status: 'string' },
			required: ['total'],
		}).id;
		const { flowId } = await create({ dataset });
		const items = await get(flowId);
		expect(items.map(({ destination, required }) => [destination, required])).toStrictEqual([
			['_id', false],
			['_emulator.total', true],
			['_emulator.status', false],
		]);
	});

	it('gives what Update takes back as it is', async () => {
		const { flowId } = await made();
		const mappings = (await get(flowId)).map(({ destination, source, sourceType }) => ({
			...{ destination, source, sourceType },
		}));
		const [output] = await runDataflowNode(adobe, {
			operation: 'update',
			flowId: String(flowId),
			newMapping: 'json',
			mappings: JSON.stringify(mappings),
		});
		expect(output?.json.action).toBe('unchanged');
	});

	it('gives the version that the dataflow uses, and not a newer one', async () => {
		const { flowId, mappingId } = await made();
		const { platformUrl, issuedTokens, clientId, orgId } = adobe;
		const path = `/data/foundation/conversion/mappingSets/${String(mappingId)}`;
		const [set] = adobe.mappingSets();
		const answer = await fetch(platformUrl + path, {
			method: 'PUT',
			headers: {
				authorization: `Bearer ${issuedTokens().at(-1)}`,
				'x-api-key': clientId,
				'x-gw-ims-org-id': orgId,
				'x-sandbox-name': 'prod',
				'content-type': 'application/json',
			},
			body: JSON.stringify({
				outputSchema: { schemaRef: { id: set?.schemaId, contentType: set?.schemaVersion } },
				mappings: [{ source: 'status', destination: '_id', sourceType: 'ATTRIBUTE' }],
			}),
		});
		expect(answer.status).toBe(200);
		expect(await get(flowId)).toHaveLength(3);
		const [shown] = await runDataflowNode(adobe, { operation: 'get', flowId: String(flowId) });
		expect(shown?.json.mapping).toStrictEqual({
			_id: 'id',
			'_emulator.total': 'total * 2',
			'_emulator.status': '"shop"',
		});
	});

	it('leaves out what the credential may not look at', async () => {
		const { flowId } = await made();
		const { clientId, clientSecret } = adobe.addClient({ dataPermissions: [] });
		const [first] = await get(flowId, { ims: { clientId, clientSecret } });
		expect(first).toMatchObject({ destination: '_id', dataset: datasetId() });
		expect(first).not.toHaveProperty('required');
	});
});
