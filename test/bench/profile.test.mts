import { sharesOf } from '../../bench/profile.mts';

const at = (url: string, functionName = 'f') => ({ functionName, url });

describe('the shares of a CPU profile', () => {
	it.each([
		[
			'our own code by its folder',
			at('/x/node_modules/ours/dist/nodes/platform/a.js'),
			'nodes/platform',
		],
		['a package by its name', at('file:///x/node_modules/axios/lib/a.js'), 'axios'],
		['a package with a scope by both', at('/x/node_modules/@n8n/di/a.js'), '@n8n/di'],
		['the innermost package', at('/x/node_modules/.s/node_modules/b/node_modules/c/i.js'), 'c'],
		['Node.js as one', at('node:internal/streams'), 'node'],
		['what profiles apart from that', at('node:inspector'), '(profiler)'],
		['what V8 names itself', at('', '(garbage collector)'), '(garbage collector)'],
		['a function built into V8', at('', 'stringify'), '(V8 built-in)'],
	])('name %s', (_sentence, callFrame, owner) => {
		const profile = { nodes: [{ id: 1, callFrame }], samples: [1, 1], timeDeltas: [1500, 2500] };
		expect(sharesOf(profile, 'ours')).toEqual([{ owner, ms: 4 }]);
	});

	it('count what is built into V8 for its caller', () => {
		const nodes = [
			{ id: 1, callFrame: at('/node_modules/a/i.js'), children: [2] },
			{ id: 2, callFrame: at('', 'stringify'), children: [3] },
			{ id: 3, callFrame: at('', 'toString') },
		];
		const profile = { nodes, samples: [1, 2, 3], timeDeltas: [1000, 1000, 1000] };
		expect(sharesOf(profile, 'ours')).toEqual([{ owner: 'a', ms: 3 }]);
	});

	it('put the greatest first and leave out what takes no time', () => {
		const nodes = ['a', 'b', 'c'].map((name, id) => ({
			id,
			callFrame: at(`/node_modules/${name}/i.js`),
		}));
		const profile = { nodes, samples: [0, 1, 1, 2], timeDeltas: [1000, 1000, 1000, 10] };
		expect(sharesOf(profile, 'ours')).toEqual([
			{ owner: 'b', ms: 2 },
			{ owner: 'a', ms: 1 },
		]);
	});
});
