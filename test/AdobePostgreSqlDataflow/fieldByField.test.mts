import type { INodeParameters, ResourceMapperField } from 'n8n-workflow';

import { AdobePostgreSqlDataflow } from '../../nodes/AdobePostgreSqlDataflow/AdobePostgreSqlDataflow.node';
import { editorContext } from '../support/core.mts';
import { wireDataflowNode } from '../support/dataflowNode.mts';
import { newDataflows } from './newDataflow.mts';

const { description, methods } = new AdobePostgreSqlDataflow();

/** What n8n's editor stores of fields that nobody has touched: the values that are filled in. */
function untouched(schema: ResourceMapperField[]): INodeParameters {
	const shown = schema.filter(({ display, removed }) => display && removed !== true);
	const value = Object.fromEntries(
		shown.flatMap(({ id, defaultValue }) =>
			defaultValue === undefined || defaultValue === null ? [] : [[id, defaultValue]],
		),
	);
	return {
		mappingMode: 'defineBelow',
		value,
		schema: schema as never,
		matchingColumns: [],
		attemptToConvertTypes: false,
		convertFieldsToString: false,
	};
}

describe('Field by Field', () => {
	const { adobe, connectionId, parameters, create, refusal, expectNothingMade } = newDataflows();
	const list = (value: string) => ({ __rl: true, mode: 'list', value });

	const people = () =>
		adobe.addDataSet({
			name: 'People',
			fields: {
				'personalEmail.address': 'string',
				'person.name.fullName': 'string',
				newsletter: 'boolean',
				remark: 'string',
			},
		}).id;

	/** Parameters of Create with the fields as the editor has filled them in. */
	const filledIn = async (dataset: string): Promise<INodeParameters> => {
		const chosen = {
			connectionId: list(connectionId()),
			table: list('public.customers'),
			dataset: list(dataset),
			mapping: 'fields',
		};
		const context = editorContext(wireDataflowNode(adobe, parameters(chosen)));
		const { fields } = await methods.resourceMapping.getDatasetFields.call(context as never);
		return { ...chosen, fields: untouched(fields) };
	};

	const mapped = () =>
		Object.fromEntries(
			adobe
				.mappingSets()
				.flatMap(({ mappings }) =>
					mappings.map(({ source, destination }) => [destination, source]),
				),
		);

	it('makes what is filled in, when nobody touches it', async () => {
		const made = await create(await filledIn(people()));
		expect(made.action).toBe('created');
		expect(mapped()).toStrictEqual({
			'_emulator.newsletter': 'newsletter',
			'person.name.fullName': 'full_name',
			'personalEmail.address': 'email',
			'homeAddress.country': 'country',
			_id: 'id',
		});
		expect(made.unmappedColumns).toStrictEqual(['attributes', 'created_at']);
		expect(made.possibleMatches).toStrictEqual([]);
	});

	it('leaves out what a person takes away, and takes what they add', async () => {
		const wanted = await filledIn(people());
		const fields = wanted.fields as { value: Record<string, string> };
		delete fields.value['personalEmail.address'];
		fields.value['_emulator.remark'] = 'country';
		await create(wanted);
		expect(mapped()).toMatchObject({ '_emulator.remark': 'country' });
		expect(mapped()).not.toHaveProperty(['personalEmail.address']);
	});

	it('names an odd column as Adobe wants it', async () => {
		const items = adobe.addDataSet({ name: 'Items', fields: { 'Order Id': 'integer' } }).id;
		const chosen = { ...(await filledIn(items)), table: list('public."Order Items"') };
		const context = editorContext(wireDataflowNode(adobe, parameters(chosen)));
		const { fields } = await methods.resourceMapping.getDatasetFields.call(context as never);
		await create({ ...chosen, fields: untouched(fields) });
		expect(mapped()['_emulator.Order Id']).toBe('${Order Id}');
	});

	it('refuses fields without any column', async () => {
		const wanted = await filledIn(people());
		const thrown = await refusal({
			...wanted,
			fields: { ...(wanted.fields as object), value: {} } as INodeParameters,
		});
		expect(thrown.message).toContain("'Fields' is empty");
		expectNothingMade();
	});

	it('has room for it, and says what the values are', () => {
		expect(description.parameterPane).toBe('wide');
		const fields = description.properties.find(({ name }) => name === 'fields');
		expect(fields?.typeOptions?.resourceMapper).toMatchObject({
			valuesLabel: 'Column for each field',
			// Without this, n8n would hide what is filled in.
			addAllFields: true,
		});
	});
});
