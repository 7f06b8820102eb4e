import { existsSync, readFileSync } from 'node:fs';

import type { IDataObject } from 'n8n-workflow';

import type { Resource } from '../../nodes/operation/operation';

/** What the editor offers for mapping before the first execution: JSON Schema, as n8n reads it. */
export interface OutputSchema {
	type?: string | string[];
	properties?: Record<string, OutputSchema>;
	/** Members that always come; without this list, all of them. */
	required?: string[];
	/** Of what is in a list. */
	items?: OutputSchema;
}

export function schemaFile(node: string, resource: string, operation: string): string {
	return `nodes/${node}/__schema__/v1.0.0/${resource}/${operation}.json`;
}

export function schemaOf(node: string, resource: string, operation: string): OutputSchema {
	return JSON.parse(readFileSync(schemaFile(node, resource, operation), 'utf8')) as OutputSchema;
}

/** Every operation has a schema, but those whose output nobody can foresee. */
export function expectSchemas(
	node: string,
	resources: readonly Resource[],
	unforeseeable: readonly string[] = [],
): void {
	for (const { value: resource, operations } of resources) {
		for (const { value } of operations) {
			const exists = existsSync(schemaFile(node, resource, value));
			expect([value, exists]).toStrictEqual([value, !unforeseeable.includes(value)]);
		}
	}
}

/** The members of an output are those of the schema, in its order and of its types. */
export function expectOutput(
	output: IDataObject,
	{ properties = {}, required = Object.keys(properties) }: OutputSchema,
): void {
	const expected = Object.entries(properties).filter(
		([name]) => name in output || required.includes(name),
	);
	expect(Object.keys(output)).toStrictEqual(expected.map(([name]) => name));
	for (const [name, { type, properties: inner, items }] of expected) {
		const value = output[name];
		const fits = [type].flat().includes(typeOf(value));
		expect([name, fits, typeOf(value)]).toStrictEqual([name, true, typeOf(value)]);
		if (typeOf(value) === 'object' && inner !== undefined) {
			expectOutput(value as IDataObject, { properties: inner });
		}
		if (Array.isArray(value) && items !== undefined) {
			for (const one of value) {
				if (items.properties === undefined) expect([items.type].flat()).toContain(typeOf(one));
				else expectOutput(one as IDataObject, items);
			}
		}
	}
}

function typeOf(value: unknown): string {
	if (Array.isArray(value)) return 'array';
	return value === null ? 'null' : typeof value;
}
