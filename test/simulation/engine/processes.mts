import type { execute, Trigger } from '../host.mts';
import { useTime, VirtualTime } from './virtualTime.mts';

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
	rememberVariable(read: () => unknown, write: (value: unknown) => void): void;
}

/** Loads the nodes once more, as another process would. */
export function loadProcess(): Process {
	for (const path of Object.keys(require.cache)) {
		if (OWN.test(path) && !path.includes('/node_modules/')) delete require.cache[path];
	}
	const memories: Array<() => void> = [];
	const simulation: Simulation = {
		remember: (value) => memories.push(keeper(value)),
		rememberVariable: (read, write) => {
			const first = read();
			memories.push(() => write(first));
		},
	};
	Object.assign(globalThis, { __simulation: simulation });
	// What a module reads from a clock when it loads must be the same each time.
	useTime(new VirtualTime(0));
	try {
		const host = require('../host.mts') as Pick<Process, 'execute' | 'Trigger'>;
		return { ...host, restart: () => memories.forEach((restore) => restore()) };
	} finally {
		useTime(undefined);
		Object.assign(globalThis, { __simulation: undefined });
	}
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
