import { N8N_1, N8N_2, type N8nLine } from './n8n/install.mts';

/** Tests that run in one process, one suite after another. */
export interface Suite {
	/** The n8n that the tests run in. */
	line: N8nLine;
	/** Folders of its test files, below e2e/, in the order in which they run. */
	folders: string[];
}

/** All suites by name; `scripts/e2e.mjs` says which run by default, and in which order. */
export const SUITES: Record<string, Suite> = {
	'n8n-2': { line: N8N_2, folders: ['editor', 'tests'] },
	'n8n-1': { line: N8N_1, folders: ['tests'] },
	'queue-mode-n8n-1': { line: N8N_1, folders: ['queueMode'] },
	'queue-mode': { line: N8N_2, folders: ['queueMode'] },
};
