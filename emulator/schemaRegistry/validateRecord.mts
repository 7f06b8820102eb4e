import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import type { XdmField } from './xdmField.mts';

const ajv = new Ajv({ allErrors: true, strict: false });
addFormats.default(ajv, ['date', 'date-time', 'uri', 'email']);

/**
 * A check of records against a schema: types, formats, required fields, and no others than those.
 *
 * @returns a message for each violation, naming its path and never its value
 */
export function recordValidator(fields: XdmField): (record: object) => string[] {
	const validate = ajv.compile(closed(fields));
	return (record) => (validate(record) ? [] : [...new Set((validate.errors ?? []).map(toText))]);
}

/** The schema with every object closed, since a schema of XDM says all fields that there are. */
function closed(field: XdmField): object {
	const { title: _t, description: _d, properties, items, ...rest } = field;
	// XDM's own members, `meta:…`, mean nothing to a validator.
	const keywords = Object.entries(rest).filter(([name]) => !name.includes(':'));
	const inner = Object.entries(properties ?? {}).map(([name, one]) => [name, closed(one)]);
	return {
		...Object.fromEntries(keywords),
		...(properties !== undefined && {
			properties: Object.fromEntries(inner),
			...(rest.additionalProperties === undefined && { additionalProperties: false }),
		}),
		...(items !== undefined && { items: closed(items) }),
	};
}

function toText({ instancePath, keyword, params, message }: ErrorObject): string {
	const path = instancePath === '' ? '/' : instancePath;
	if (keyword === 'additionalProperties') {
		return `${path} has a field that the schema does not have: ${params['additionalProperty']}`;
	}
	return `${path} ${message ?? 'does not fit'}`;
}
