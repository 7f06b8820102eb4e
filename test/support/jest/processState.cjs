// What test files can change in the process that they share, to put it back after each of them.

/** The parts of Error that say how traces are written; jest sets them for each file. */
const TRACES = ['prepareStackTrace', 'stackTraceLimit'];

/**
 * The own properties of an object, to compare and put back.
 *
 * @param {object} owner
 * @param {(key: string | symbol, descriptor: PropertyDescriptor) => boolean} isMeant
 */
function properties(owner, isMeant) {
	return {
		read() {
			const entries = Reflect.ownKeys(owner).map((key) => [
				key,
				Reflect.getOwnPropertyDescriptor(owner, key),
			]);
			return new Map(entries.filter(([key, descriptor]) => isMeant(key, descriptor)));
		},
		isSame(now, then) {
			return now?.value === then?.value && now?.get === then?.get && now?.set === then?.set;
		},
		put(key, descriptor) {
			if (descriptor === undefined) Reflect.deleteProperty(owner, key);
			else Reflect.defineProperty(owner, key, descriptor);
		},
	};
}

/** The listeners of the process, each under its event. */
const listeners = {
	read() {
		return new Map(process.eventNames().map((event) => [event, process.rawListeners(event)]));
	},
	isSame(now = [], then = []) {
		return now.length === then.length && now.every((listener, index) => listener === then[index]);
	},
	put(event, wanted = []) {
		process.removeAllListeners(event);
		for (const listener of wanted) process.on(event, listener);
	},
};

const KINDS = [
	properties(globalThis, () => true),
	properties(process, (_key, { value }) => typeof value === 'function'),
	properties(process.env, () => true),
	properties(Error, (key) => TRACES.includes(key)),
	listeners,
];

/** @param {(typeof KINDS)[number]} kind */
function changesOf(kind, before) {
	const now = kind.read();
	return [...new Set([...before.keys(), ...now.keys()])]
		.filter((key) => !kind.isSame(now.get(key), before.get(key)))
		.map((key) => [key, now.get(key)]);
}

/** @type {typeof import('./processState.cjs').rememberProcess} */
exports.rememberProcess = () => {
	const kept = KINDS.map((kind) => ({ kind, state: kind.read() }));
	return {
		keepChangesOf(run) {
			const before = KINDS.map((kind) => kind.read());
			try {
				return run();
			} finally {
				kept.forEach(({ kind, state }, index) => {
					for (const [key, value] of changesOf(kind, before[index])) {
						if (value === undefined) state.delete(key);
						else state.set(key, value);
					}
				});
			}
		},
		restore() {
			for (const { kind, state } of kept) {
				for (const [key] of changesOf(kind, state)) kind.put(key, state.get(key));
			}
		},
	};
};
