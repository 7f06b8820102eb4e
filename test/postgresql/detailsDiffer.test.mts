import { detailsDiffer } from '../../nodes/postgresql/detailsDiffer.ts';

const basic = {
	server: 'db.example.com',
	port: '5432',
	database: 'sales',
	username: 'aep',
	password: 'p-1',
	sslMode: 'Prefer',
};
const { password: _password, ...withoutPassword } = basic;
const TEXT = 'Server=db.example.com;Database=sales;Port=5432;UID=aep;Password=p-1';

describe('Whether visible details differ', () => {
	it.each<[string, Record<string, unknown>, Record<string, string>, boolean]>([
		['the same without the password', withoutPassword, basic, false],
		['the same with a placeholder for the password', { ...basic, password: '****' }, basic, false],
		['the same with another password', { ...basic, password: 'p-2' }, basic, false],
		['nothing shown', {}, basic, false],
		['a port as a number', { ...withoutPassword, port: 5432 }, basic, false],
		['more members than wanted', { ...withoutPassword, usePrivateLink: false }, basic, false],
		['another server', { ...withoutPassword, server: 'db2.example.com' }, basic, true],
		['another port', { ...withoutPassword, port: '5433' }, basic, true],
		['another SSL mode', { ...withoutPassword, sslMode: 'Require' }, basic, true],
		['null for a server', { ...withoutPassword, server: null }, basic, true],
		['the same connection string', { connectionString: TEXT }, { connectionString: TEXT }, false],
		['no connection string', {}, { connectionString: TEXT }, false],
		['a placeholder', { connectionString: '********' }, { connectionString: TEXT }, false],
		[
			'a masked password',
			{ connectionString: TEXT.replace('p-1', '***') },
			{ connectionString: TEXT },
			false,
		],
		[
			'no password in it',
			{ connectionString: TEXT.replace(';Password=p-1', '') },
			{ connectionString: TEXT },
			false,
		],
		[
			'other spelling of the keys',
			{ connectionString: TEXT.replace('Server', 'server') },
			{ connectionString: TEXT },
			false,
		],
		[
			'another database in it',
			{ connectionString: TEXT.replace('sales', 'crm') },
			{ connectionString: TEXT },
			true,
		],
		[
			'a TLS key more',
			{ connectionString: TEXT },
			{ connectionString: `${TEXT};EncryptionMethod=1` },
			true,
		],
		['a number where a text was', { connectionString: 5 }, { connectionString: TEXT }, false],
		[
			'a member of the prototype',
			Object.create({ server: 'x' }) as Record<string, unknown>,
			basic,
			false,
		],
	])('%s', (_case, shown, wanted, expected) => {
		expect(detailsDiffer(shown, wanted)).toBe(expected);
	});
});
