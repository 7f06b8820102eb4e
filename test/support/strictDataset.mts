import type { Emulator } from '../../emulator/emulator.mts';

/** Fields below the organization's own one, as XDM describes them. */
type Fields = Record<string, { type: string; [keyword: string]: unknown }>;

/**
 * Makes a dataset whose schema has more to it than types (lists of values, bounds, patterns, lengths), as
 * somebody would with Schema Registry and Catalog. A token must have been issued before.
 *
 * @param required those of the fields without which a record is rejected
 * @returns the dataset's ID
 */
export async function makeStrictDataset(
	adobe: Emulator,
	name: string,
	fields: Fields,
	required: readonly string[],
): Promise<string> {
	const post = async (path: string, body: object): Promise<any> => {
		const response = await fetch(`${adobe.platformUrl}/data/foundation/${path}`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${adobe.issuedTokens().at(-1)}`,
				'x-api-key': adobe.clientId,
				'x-gw-ims-org-id': adobe.orgId,
				'x-sandbox-name': 'prod',
				'content-type': 'application/json',
			},
			body: JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
		return JSON.parse(text);
	};
	const classId = 'https://ns.adobe.com/xdm/context/profile';
	const own = { type: 'object', required, properties: fields };
	const group = await post('schemaregistry/tenant/fieldgroups', {
		type: 'object',
		title: `${name} fields`,
		'meta:intendedToExtend': [classId],
		definitions: { own: { properties: { _emulator: own } } },
		allOf: [{ $ref: '#/definitions/own' }],
	});
	const schema = await post('schemaregistry/tenant/schemas', {
		type: 'object',
		title: `${name} schema`,
		allOf: [{ $ref: classId }, { $ref: group.$id }],
	});
	const [reference] = await post('catalog/dataSets?requestDataSource=true', {
		name,
		schemaRef: { id: schema.$id, contentType: 'application/vnd.adobe.xed+json;version=1' },
	});
	return String(reference).split('/').at(-1) ?? '';
}
