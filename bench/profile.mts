/** What of V8's CPU profile is read here. */
export interface CpuProfile {
	nodes: Array<{
		id: number;
		callFrame: { functionName: string; url: string };
		/** IDs of what it called. */
		children?: number[];
	}>;
	samples?: number[];
	/** Microseconds between the samples. */
	timeDeltas?: number[];
}

/** A share of the time, in milliseconds. */
export interface Share {
	owner: string;
	ms: number;
}

/**
 * Whose code the time was spent in: folders of ours, npm packages, Node.js itself, and V8's own
 * `(idle)`, `(program)` and `(garbage collector)`; the greatest first. What is built into V8 counts
 * for its caller.
 *
 * @param ours name of our package
 */
export function sharesOf(profile: CpuProfile, ours: string): Share[] {
	const { nodes, samples = [], timeDeltas = [] } = profile;
	const ownerById = new Map<number, string>();
	const callerById = new Map<number, number>();
	// A caller comes before what it called.
	for (const { id, callFrame, children = [] } of nodes) {
		const isBuiltIn = callFrame.url === '' && !callFrame.functionName.startsWith('(');
		const caller = isBuiltIn ? ownerById.get(callerById.get(id) ?? -1) : undefined;
		ownerById.set(id, caller ?? ownerOf(callFrame, ours));
		for (const child of children) callerById.set(child, id);
	}
	const microseconds = new Map<string, number>();
	samples.forEach((id, index) => {
		const owner = ownerById.get(id) ?? '(unknown)';
		microseconds.set(owner, (microseconds.get(owner) ?? 0) + (timeDeltas[index] ?? 0));
	});
	return [...microseconds]
		.map(([owner, spent]) => ({ owner, ms: Math.round(spent / 1000) }))
		.filter(({ ms }) => ms > 0)
		.sort((one, other) => other.ms - one.ms);
}

function ownerOf(
	{ url, functionName }: { url: string; functionName: string },
	ours: string,
): string {
	if (url === '') return functionName.startsWith('(') ? functionName : '(V8 built-in)';
	// To begin a profile takes seconds, and no part of what is measured.
	if (url === 'node:inspector') return '(profiler)';
	if (url.startsWith('node:')) return 'node';
	// The innermost package: one `node_modules` may be inside another.
	const [, path = url] = /.*\/node_modules\/(.+)$/.exec(url) ?? [];
	const [scopeOrName = '', nameOrRest = ''] = path.split('/');
	if (path.startsWith(`${ours}/dist/`)) {
		return path
			.slice(ours.length + '/dist/'.length)
			.split('/')
			.slice(0, 2)
			.join('/');
	}
	return scopeOrName.startsWith('@') ? `${scopeOrName}/${nameOrRest}` : scopeOrName;
}
