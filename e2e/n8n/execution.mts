import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { InstalledN8n } from './install.mts';

/** An item as a node put it out. */
export interface Item {
	json: Record<string, unknown>;
	pairedItem?: { item: number } | number | Array<{ item: number }>;
	error?: unknown;
}

/** An error as n8n stores it with an execution. */
export interface StoredError {
	message: string;
	description?: string | null;
	name?: string;
	httpCode?: string | null;
	context?: Record<string, unknown>;
}

/** One run of one node. */
export interface NodeRun {
	status: string;
	/** Milliseconds. */
	durationMs: number;
	error?: StoredError;
	/** Items by output. */
	outputs: Item[][];
}

/** What became of an execution. */
export interface Execution {
	id: string;
	status: 'success' | 'error' | 'crashed' | 'canceled' | string;
	error?: StoredError;
	/** The first run of each node that ran, by name. */
	nodes: Map<string, NodeRun>;
	/** The stored data as one text, to search in. */
	text: string;
}

interface StoredData {
	resultData: {
		error?: StoredError;
		runData: Record<
			string,
			Array<{
				executionStatus: string;
				executionTime: number;
				error?: StoredError;
				data?: { main: Array<Item[] | null> };
			}>
		>;
	};
}

/**
 * Reads an execution as n8n's API returns it; its data is in the `flatted` format, which n8n's own
 * copy of that library reads.
 */
export function readExecution(
	n8n: InstalledN8n,
	answer: { id: string; status: string; data: string },
): Execution {
	const require = createRequire(join(n8n.folder, 'node_modules', 'n8n', 'package.json'));
	const { parse } = require('flatted') as { parse: (text: string) => StoredData };
	const { error, runData } = parse(answer.data).resultData;
	const nodes = new Map(
		Object.entries(runData).map(([name, [run]]): [string, NodeRun] => [
			name,
			{
				status: run?.executionStatus ?? 'unknown',
				durationMs: run?.executionTime ?? 0,
				error: run?.error,
				outputs: (run?.data?.main ?? []).map((items) => items ?? []),
			},
		]),
	);
	return { id: answer.id, status: answer.status, error, nodes, text: answer.data };
}

/** Items of one output of a node; none when the node did not run. */
export function itemsOf(execution: Execution, node: string, output = 0): Item[] {
	return execution.nodes.get(node)?.outputs[output] ?? [];
}
