import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { testSourceCredential } from '../../nodes/AdobePostgreSqlConnection/sourceCredentialTest';

const PASSWORD = 'canary-S3cret-Pa55';
const basic = {
	authMode: 'basic',
	server: 'db.example.com',
	port: 5432,
	database: 'sales',
	username: 'aep',
	password: PASSWORD,
	sslMode: 'Prefer',
};
const connectionString = (text: unknown) => ({
	authMode: 'connectionString',
	connectionString: text,
});

const tested = async (data: unknown) =>
	await testSourceCredential.call({} as never, {
		id: '1',
		name: 'Sales',
		type: 'adobePostgreSqlSourceApi',
		data: data as ICredentialDataDecryptedObject,
	});

describe('The test of the source credential', () => {
	it.each([
		[
			'the documented connection string',
			connectionString(`Server=a;Database=b;Port=5432;UID=c;Password=${PASSWORD}`),
		],
		['blanks around it', connectionString(` Server=a;Database=b;UID=c;Password=${PASSWORD} `)],
		['basic details', basic],
		['a port that is text', { ...basic, port: '5432' }],
	])('accepts %s and says that only the form was checked', async (_case, data) => {
		expect(await tested(data)).toStrictEqual({
			status: 'OK',
			message: expect.stringContaining('Use Test in the node'),
		});
	});

	it.each([
		[
			'a URL',
			connectionString(`postgres://c:${PASSWORD}@db.example.com/b`),
			'The format is right. ',
		],
		['localhost', { ...basic, server: 'localhost' }, 'Adobe, not n8n, connects'],
		[
			'a private address',
			connectionString(`postgres://c:${PASSWORD}@10.0.0.5/b`),
			'one in a private network',
		],
	])('says of %s what there is to say', async (_case, data, message) => {
		expect(await tested(data)).toStrictEqual({
			status: 'OK',
			message: expect.stringContaining(message),
		});
	});

	it.each([
		['no data', undefined],
		['an empty connection string', connectionString('')],
		['a connection string that is no text', connectionString(5)],
		[
			'a connection string without a server',
			connectionString(`Database=b;UID=c;Password=${PASSWORD}`),
		],
		['an open quote', connectionString(`Server=a;Database=b;UID=c;Password="${PASSWORD}`)],
		['a URL without a database', connectionString(`postgres://c:${PASSWORD}@a`)],
		['TLS of another driver', connectionString(`postgres://c:${PASSWORD}@a/b?sslcert=x`)],
		['a placeholder', { ...basic, password: '<password>' }],
		['no server', { ...basic, server: '' }],
		['a port out of range', { ...basic, port: 0 }],
		['no password', { ...basic, password: '' }],
	])('refuses %s in words that hold no secret', async (_case, data) => {
		const result = await tested(data);
		expect(result.status).toBe('Error');
		expect(result.message.length).toBeGreaterThan(10);
		expect(result.message).not.toContain(PASSWORD);
		expect(result.message).not.toContain('..');
	});
});
