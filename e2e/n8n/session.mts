import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { canaries } from '../canary/canaries.mts';
import { readExecution, type Execution } from './execution.mts';
import type { InstalledN8n } from './install.mts';
import type { CredentialInput, Workflow } from './workflow.mts';

const REQUEST_TIMEOUT_MS = 60_000;
const COOKIE = 'n8n-auth';
const STILL_RUNNING = new Set(['new', 'running', 'waiting', 'unknown']);

/** How the owner of an n8n signs in. */
export interface Owner {
	email: string;
	password: string;
}

/** What n8n says about a credential. */
export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

/** An n8n as its owner uses it: through the API that the editor uses. */
export class Session {
	private constructor(
		private readonly n8n: InstalledN8n,
		/** Where n8n is, e.g. `http://127.0.0.1:5678`. */
		readonly url: string,
		readonly owner: Owner,
		/** Value of the cookie `n8n-auth`; it is good for any browser on this machine. */
		readonly cookie: string,
	) {}

	/** Sets up the owner of a fresh n8n, with a random password, and signs in. */
	static async signUp(n8n: InstalledN8n, url: string): Promise<Session> {
		const owner = {
			email: 'demo@example.com',
			password: `Demo-${randomBytes(9).toString('hex')}1`,
		};
		const response = await fetch(`${url}/rest/owner/setup`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ ...owner, firstName: 'Demo', lastName: 'Owner' }),
			signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
		});
		if (!response.ok)
			throw new Error(`n8n refused the set-up of its owner: ${await response.text()}`);
		const cookie = response.headers
			.getSetCookie()
			.find((line) => line.startsWith(`${COOKIE}=`))
			?.slice(COOKIE.length + 1)
			.split(';')[0];
		if (!cookie) throw new Error('n8n set up its owner but did not sign in');
		return new Session(n8n, url, owner, cookie);
	}

	/**
	 * @returns the ID that n8n gave the credential
	 */
	async createCredential(credential: CredentialInput): Promise<string> {
		canaries.addFields(`the credential "${credential.name}"`, credential.data);
		const { id } = await this.request<{ id: string }>('POST', '/rest/credentials', credential);
		return id;
	}

	/** What *Test* in the editor says about a stored credential. */
	async testCredential(id: string, credential: CredentialInput): Promise<CredentialTestResult> {
		canaries.addFields(`the credential "${credential.name}"`, credential.data);
		return await this.request('POST', '/rest/credentials/test', {
			credentials: { id, ...credential },
		});
	}

	/**
	 * @returns the workflow's ID, its own where it has one
	 */
	async createWorkflow(workflow: Workflow): Promise<string> {
		// n8n's editor fails at "Execute step" where a workflow has no pinData at all; n8n 1 wants to be
		// told that it is not active.
		const stored = { pinData: {}, active: false, ...workflow };
		const { id } = await this.request<{ id: string }>('POST', '/rest/workflows', stored);
		return id;
	}

	/**
	 * Executes a stored workflow as *Execute workflow* does, and waits for the end.
	 *
	 * @param trigger name of the node to start from
	 * @throws {Error} when it has not ended in time; a failed execution is a result, not an error
	 */
	async execute(workflowId: string, trigger: string, timeoutMs = 120_000): Promise<Execution> {
		const { executionId } = await this.request<{ executionId: string }>(
			'POST',
			`/rest/workflows/${workflowId}/run`,
			{
				triggerToStartFrom: { name: trigger },
				// n8n 1 runs what it is sent, n8n 2 what it has stored.
				...(this.n8n.line.major === 1 && {
					workflowData: await this.request('GET', `/rest/workflows/${workflowId}`),
				}),
			},
		);
		const deadlineMs = Date.now() + timeoutMs;
		for (;;) {
			const answer = await this.request<{ id: string; status: string; data: string }>(
				'GET',
				`/rest/executions/${executionId}`,
			);
			if (!STILL_RUNNING.has(answer.status)) return readExecution(this.n8n, answer);
			if (Date.now() > deadlineMs) {
				throw new Error(
					`Execution ${executionId} is still ${answer.status} after ${timeoutMs / 1000} s`,
				);
			}
			await sleep(200);
		}
	}

	/** Lets a stored workflow start by its triggers, as *Publish* does (*Active* in n8n 1). */
	async activate(workflowId: string): Promise<void> {
		const path = `/rest/workflows/${workflowId}`;
		const { versionId } = await this.request<{ versionId: string }>('GET', path);
		await this.request('POST', `${path}/activate`, { versionId });
	}

	/** Lets nothing start a stored workflow any more but a hand. */
	async deactivate(workflowId: string): Promise<void> {
		await this.request('POST', `/rest/workflows/${workflowId}/deactivate`, {});
	}

	/**
	 * One call of n8n's internal API.
	 *
	 * @param path from the root, e.g. `/rest/workflows`
	 * @returns the `data` of the answer
	 * @throws {Error} with n8n's own message
	 */
	async request<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: { 'content-type': 'application/json', cookie: `${COOKIE}=${this.cookie}` },
			body: body === undefined ? undefined : JSON.stringify(body),
			signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
		});
		const text = await response.text();
		if (!response.ok) {
			throw new Error(
				`n8n answered ${response.status} to ${method} ${path}: ${text.slice(0, 500)}`,
			);
		}
		return (JSON.parse(text) as { data: T }).data;
	}
}
