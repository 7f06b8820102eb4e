import { setTimeout as sleep } from 'node:timers/promises';
import { withClient, type Database } from '../n8n/database.mts';

/** An execution as n8n's database has it. */
export interface StoredExecution {
	id: string;
	/** `success`, `error`, `crashed`, `running`, `new` … */
	status: string;
	/** What started it: `webhook`, `trigger`, `integrated` … */
	mode: string;
}

const WEBHOOK_TIMEOUT_MS = 30_000;
const OVER = new Set(['success', 'error', 'crashed', 'canceled']);

/** All executions of a workflow, oldest first. */
export async function executionsOf(
	database: Database,
	workflowId: string,
): Promise<StoredExecution[]> {
	return await withClient(database, async (client) => {
		const { rows } = await client.query<StoredExecution>(
			`select id::text, status, mode from execution_entity where "workflowId" = $1 order by execution_entity.id`,
			[workflowId],
		);
		return rows;
	});
}

/** Executions that have ended, whatever the end. */
export function ended(executions: StoredExecution[]): StoredExecution[] {
	return executions.filter(({ status }) => OVER.has(status));
}

/**
 * Calls the webhook of a workflow that was just activated; n8n answers 404, and starts nothing, until
 * it has heard of it.
 *
 * @throws {Error} when n8n does not take the call
 */
export async function callWebhook(n8nUrl: string, path: string): Promise<void> {
	const deadlineMs = Date.now() + WEBHOOK_TIMEOUT_MS;
	for (;;) {
		const { ok, status } = await fetch(`${n8nUrl}/webhook/${path}`, { method: 'POST' });
		if (ok) return;
		if (status !== 404 || Date.now() > deadlineMs) {
			throw new Error(`n8n answered ${status} to the webhook ${path}`);
		}
		await sleep(100);
	}
}

/**
 * Waits until a workflow's executions are as wanted.
 *
 * @param isAsWanted judges all of them
 * @throws {Error} with what they are like, when they are not in time
 */
export async function waitForExecutions(
	database: Database,
	workflowId: string,
	isAsWanted: (executions: StoredExecution[]) => boolean,
	timeoutMs = 120_000,
): Promise<StoredExecution[]> {
	const deadlineMs = Date.now() + timeoutMs;
	for (;;) {
		const executions = await executionsOf(database, workflowId);
		if (isAsWanted(executions)) return executions;
		if (Date.now() > deadlineMs) {
			const found = executions.map(({ id, status, mode }) => `${id} (${mode}): ${status}`);
			throw new Error(`Not in ${timeoutMs / 1000} s; there are: ${found.join(', ') || 'none'}`);
		}
		await sleep(100);
	}
}
