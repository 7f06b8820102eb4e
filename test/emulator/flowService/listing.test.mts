import { basicBody, closeWires, codeOf, openWire, SPEC, stringBody, type Wire } from '../wire.mts';

const NAMES = ['delta', 'alpha', 'Charlie', 'bravo, inc.', 'echo & co', 'alpha'];
const SECRET = 'Server=hidden.example.com';

let wire: Wire;
beforeAll(async () => {
	wire = await openWire();
	for (const name of NAMES) await wire.create(basicBody({ sslMode: 'Require' }, name));
	await wire.create({ ...stringBody(SECRET, 'text'), description: 'by string' });
	await wire.flow('POST', '/connections?mode=draft', { body: basicBody({}, 'draft') });
});
afterAll(closeWires);

type Parameters = Record<string, string | string[]>;
const list = async (parameters: Parameters, on = wire) => {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(parameters)) {
		for (const one of [value].flat()) search.append(name, one);
	}
	return await on.flow('GET', `/connections?${search}`);
};
const names = (answer: { json: any }): string[] => answer.json.items.map((item: any) => item.name);

describe('a filter', () => {
	it.each<[string, string | string[], string[]]>([
		['keeps those with the value', 'name==delta', ['delta']],
		['takes quotes', 'name=="delta"', ['delta']],
		['keeps all of the same name', 'name==alpha', ['alpha', 'alpha']],
		['heeds case', 'name==charlie', []],
		['takes several values', 'name==delta,Charlie', ['delta', 'Charlie']],
		['keeps a comma that stands in quotes', 'name=="bravo, inc."', ['bravo, inc.']],
		['takes what has to be encoded', 'name==echo & co', ['echo & co']],
		['follows a dotted path', `connectionSpec.id==${SPEC}`, [...NAMES, 'text', 'draft']],
		['reads the state', 'state==draft', ['draft']],
		['reads the description', 'description==by string', ['text']],
		['reads a parameter that is no secret', 'auth.params.sslMode==Require', NAMES],
		['does not find what an entity lacks', 'auth.params.usePrivateLink==true', []],
		['is joined to another by AND', ['name==alpha,delta', 'name<b'], ['alpha', 'alpha']],
		['compares by >', 'name>e', ['echo & co', 'text']],
		['compares by <=', 'name<=alpha', ['alpha', 'Charlie', 'alpha']],
		['compares by >=', 'name>=echo & co', ['echo & co', 'text']],
		['compares numbers by value', 'createdAt>99', [...NAMES, 'text', 'draft']],
		['compares numbers by value, downwards', 'createdAt<99', []],
	])('%s', async (_case, property, expected) => {
		const answer = await list({ property });
		expect(answer.status).toBe(200);
		expect(names(answer)).toEqual(expected);
		expect(answer.json._links).toEqual({});
	});

	it('finds a time by >= that > leaves out', async () => {
		const [first] = wire.emulator.connections();
		const at = async (operator: string) =>
			names(await list({ property: [`createdAt${operator}${first?.createdAt}`, 'name==delta'] }));
		expect(await at('>=')).toEqual(['delta']);
		expect(await at('>')).toEqual([]);
	});

	it('may come encoded or with its == as it is', async () => {
		const raw = await wire.flow('GET', '/connections?property=name==delta&property=state==enabled');
		const encoded = await wire.flow('GET', '/connections?property=name%3D%3D%22delta%22');
		expect([names(raw), names(encoded)]).toEqual([['delta'], ['delta']]);
	});

	it.each([
		['an unknown field', 'colour==green', 'FLOW-1449-400'],
		['a secret', 'auth.params.connectionString==x', 'FLOW-1449-400'],
		['a password', 'auth.params.password==x', 'FLOW-1449-400'],
		['the operator !>', 'name!>x', 'FLOW-1450-400'],
		['the operator !=', 'name!=x', 'FLOW-1450-400'],
		['a single =', 'name=x', 'FLOW-1450-400'],
		['the operator ~', 'name~x', 'FLOW-1440-400'],
		['<= with several values', 'name<=x,y', 'FLOW-1443-400'],
		['>= on the ID', 'id>=x', 'FLOW-1448-400'],
		['no operator', 'name', 'FLOW-1451-400'],
		['no value', 'name==', 'FLOW-1453-400'],
		['an empty value among others', 'name==x,,y', 'FLOW-1453-400'],
	])('with %s is refused', async (_case, property, code) => {
		const answer = await list({ property });
		expect([answer.status, codeOf(answer)]).toEqual([400, code]);
	});
});

describe('the order', () => {
	const sorted = [
		'Charlie',
		'alpha',
		'alpha',
		'bravo, inc.',
		'delta',
		'draft',
		'echo & co',
		'text',
	];
	it.each([
		['is that of creation by default', undefined, [...NAMES, 'text', 'draft']],
		['is ascending by a field', 'name', sorted],
		['is ascending by +', '+name', sorted],
		['is descending by -', '-name', [...sorted].reverse()],
	])('%s', async (_case, orderby, expected) => {
		expect(names(await list(orderby === undefined ? {} : { orderby }))).toEqual(expected);
	});

	it.each([
		['a prefix that is none', 'orderby=!name', 'FLOW-1432-400'],
		['a plus sign that was not encoded', 'orderby=+name', 'FLOW-1432-400'],
		['an unknown field', 'orderby=colour', 'FLOW-1433-400'],
		['nothing', 'orderby=', 'FLOW-1433-400'],
	])('is refused with %s', async (_case, search, code) => {
		const answer = await wire.flow('GET', `/connections?${search}`);
		expect([answer.status, codeOf(answer)]).toEqual([400, code]);
	});
});

describe('count', () => {
	it.each<[string, Parameters, number]>([
		['all', {}, 8],
		['what passes the filter', { property: 'name==alpha' }, 2],
	])('counts %s', async (_case, parameters, count) => {
		expect((await list({ ...parameters, count: 'true' })).json).toEqual({ count });
	});

	it('is refused with a limit, and is no count when it is false', async () => {
		expect(codeOf(await list({ count: 'true', limit: '5' }))).toBe('FLOW-1401-400');
		expect(names(await list({ count: 'false', limit: '5' }))).toHaveLength(5);
	});
});

describe('pages', () => {
	const walk = async (parameters: Parameters, on = wire, between = async () => {}) => {
		const pages: string[][] = [];
		let token: string | null = null;
		do {
			const answer = await list(
				{ ...parameters, ...(token === null ? {} : { continuationToken: token }) },
				on,
			);
			expect(answer.status).toBe(200);
			pages.push(names(answer));
			const href: string | undefined = answer.json._links.next?.href;
			expect(href === undefined || href.startsWith('/connections?continuationToken=')).toBe(true);
			token =
				href === undefined
					? null
					: new URL(href, 'http://base').searchParams.get('continuationToken');
			await between();
		} while (token !== null);
		return pages;
	};

	it.each<[string, Parameters, number[]]>([
		['are as long as asked for', { limit: '3' }, [3, 3, 2]],
		['end without an empty one', { limit: '4' }, [4, 4]],
		['are one where all fits', { limit: '50' }, [8]],
		['keep the filter that is sent again', { limit: '1', property: 'name==alpha' }, [1, 1]],
		['are one where nothing is found', { property: 'name==nobody' }, [0]],
	])('%s', async (_case, parameters, lengths) => {
		expect((await walk(parameters)).map(({ length }) => length)).toEqual(lengths);
	});

	it.each(['name', '-name', '-createdAt'])(
		'show everything once, ordered by %s',
		async (orderby) => {
			const whole = names(await list({ orderby }));
			expect((await walk({ orderby, limit: '3' })).flat()).toEqual(whole);
		},
	);

	it('hold 20 by default and 200 at most', async () => {
		const many = await openWire();
		for (let n = 0; n < 230; n += 10) {
			const ten = Array.from(
				{ length: 10 },
				async (_, i) => await many.create(basicBody({}, `c${n + i}`)),
			);
			await Promise.all(ten);
		}
		expect(names(await list({}, many))).toHaveLength(20);
		expect((await walk({ limit: '1000' }, many)).map(({ length }) => length)).toEqual([200, 30]);
	});

	it('skip nothing when what was shown is deleted in between', async () => {
		const few = await openWire();
		for (const name of ['a', 'b', 'c', 'd', 'e']) await few.create(basicBody({}, name));
		const pages = await walk({ limit: '2' }, few, async () => {
			const [first] = few.emulator.connections();
			if (first) await few.flow('DELETE', `/connections/${first.id}`);
		});
		expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
	});

	it('have a token that breaks when it is split at = or not encoded', async () => {
		const href: string = (await list({ limit: '2' })).json._links.next.href;
		const token = new URL(href, 'http://base').searchParams.get('continuationToken') ?? '';
		for (const character of ['=', '&', '+', '#']) expect(token).toContain(character);
		expect((await wire.flow('GET', href)).status).toBe(200);
		const split = decodeURIComponent(href).split('=')[1] ?? '';
		expect(codeOf(await list({ continuationToken: split }))).toBe('FLOW-1452-400');
		const raw = await wire.flow('GET', `/connections?continuationToken=${token}`);
		expect(codeOf(raw)).toBe('FLOW-1452-400');
	});

	it.each<[string, Parameters]>([
		['a limit that is no number', { limit: 'all' }],
		['a limit of 0', { limit: '0' }],
		['a negative limit', { limit: '-1' }],
		['a token that is none', { continuationToken: 'abc' }],
	])('are refused with %s', async (_case, parameters) => {
		expect(codeOf(await list(parameters))).toBe('FLOW-1452-400');
	});

	it('are refused with the token of another order', async () => {
		const { json } = await list({ limit: '2', orderby: 'name' });
		const token = new URL(json._links.next.href, 'http://base').searchParams.get(
			'continuationToken',
		);
		const answer = await list({ limit: '2', orderby: '-name', continuationToken: token ?? '' });
		expect(codeOf(answer)).toBe('FLOW-1452-400');
	});
});
