import type { INodePropertyOptions } from 'n8n-workflow';

import { AdobePostgreSqlSourceApi } from '../../credentials/AdobePostgreSqlSourceApi.credentials.ts';

const type = new AdobePostgreSqlSourceApi();
const property = (name: string) => type.properties.find((one) => one.name === name);

describe('the credential of a source', () => {
	it('is named as n8n wants it, with an icon for light and dark and a full address for help', () => {
		expect(type.name).toBe('adobePostgreSqlSourceApi');
		expect(type.displayName).toMatch(/API$/);
		expect(type.icon.light).not.toBe(type.icon.dark);
		expect(URL.canParse(type.documentationUrl)).toBe(true);
	});

	it.each(['connectionString', 'password'])('masks %s', (name) => {
		expect(property(name)?.typeOptions).toEqual({ password: true });
	});

	it.each([
		['connectionString', 'connectionString'],
		['server', 'basic'],
		['port', 'basic'],
		['database', 'basic'],
		['username', 'basic'],
		['password', 'basic'],
		['sslMode', 'basic'],
	])('shows %s for %s alone', (name, mode) => {
		expect(property(name)?.displayOptions).toEqual({ show: { authMode: [mode] } });
	});

	it.each([
		['authMode', 'connectionString'],
		['connectionString', ''],
		['server', ''],
		['port', 5432],
		['database', ''],
		['username', ''],
		['password', ''],
	])('begins with %s as %j', (name, value) => {
		expect(property(name)?.default).toBe(value);
	});

	it('offers an SSL mode that is in its list, each once', () => {
		const values = (property('sslMode')?.options as INodePropertyOptions[]).map(
			({ value }) => value,
		);
		expect(values).toContain(property('sslMode')?.default);
		expect(new Set(values).size).toBe(values.length);
	});

	it('says at the top that Adobe connects, and not n8n', () => {
		expect(type.properties[0]).toMatchObject({ type: 'notice' });
		expect(type.properties[0]?.displayName).toContain('Adobe (not n8n) connects');
	});

	it('has no test that sends something and no headers to add', () => {
		expect(type).not.toHaveProperty('test');
		expect(type).not.toHaveProperty('authenticate');
		expect(type).not.toHaveProperty('preAuthentication');
	});
});
