import type { execute, Trigger } from '../host.mts';

/** A process of n8n: its own copy of the nodes, and what they keep in memory. */
export interface Process {
	execute: typeof execute;
	Trigger: typeof Trigger;
	/** Forgets what a restart of n8n forgets. */
	restart(): void;
}

/** What each n8n has a copy of its own of. */
const OWN = /\/(nodes|credentials|test\/support)\/|\/test\/simulation\/host\.mts$/;

interface Simulation {
	remember(value: object): void;
}

/** Loads the nodes once more, as another process would. */
export function loadProcess(): Process {
	for (const path of Object.keys(require.cache)) {
		if (OWN.test(path) && !path.includes('/node_modules/')) delete require.cache[path];
	}
	const memories: Array<() => void> = [];
	const simulation: Simulation = { remember: (value) => memories.push(keeper(value)) };
	Object.assign(globalThis, { __simulation: simulation });
	const host = require('../host.mts') as Pick<Process, 'execute' | 'Trigger'>;
	Object.assign(globalThis, { __simulation: undefined });
	return {
		...host,
		restart: () => {
			for (const restore of memories) restore();
		},
	};
}

/** Returns what gives a value back what it holds now. */
function keeper(value: object): () => void {
	if (value instanceof Map) {
		const entries = [...value];
		return () => {
			value.clear();
			for (const [key, held] of entries) value.set(key, held);
		};
	}
	if (value instanceof Set) {
		const entries = [...value];
		return () => {
			value.clear();
			for (const held of entries) value.add(held);
		};
	}
	if (value instanceof WeakMap || value instanceof WeakSet || Object.isFrozen(value))
		return () => {};
	const members = Object.entries(value) as Array<[string, unknown]>;
	const below = members.flatMap(([, held]) =>
		typeof held === 'object' && held !== null ? [keeper(held)] : [],
	);
	return () => {
		Object.assign(value, Object.fromEntries(members));
		for (const restore of below) restore();
	};
}
