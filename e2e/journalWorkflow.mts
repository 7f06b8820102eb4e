import type { Workflow } from './n8n/workflow.mts';

/** Name of the trigger in the workflow. */
export const JOURNAL_TRIGGER = 'A run ended';

/** How long it is from one poll to the next. */
export const POLL_EVERY_SECONDS = 3;

/** A workflow that starts when a run ends or begins, as the journal of events tells, and does nothing. */
export function journalWorkflow(adobeImsApi: { id: string; name: string }): Workflow {
	return {
		name: 'Trigger by the journal',
		nodes: [
			{
				id: '7b1f0a55-2b6e-4f57-9d0a-5a0c8e6f1a01',
				name: JOURNAL_TRIGGER,
				type: 'n8n-nodes-adobe-postgresql.adobePostgreSqlDataflowTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {
					pollTimes: { item: pollTimes() },
					triggerOn: ['failed', 'succeeded'],
					watch: 'all',
					delivery: 'journal',
				},
				credentials: { adobeImsApi },
			},
			{
				id: '7b1f0a55-2b6e-4f57-9d0a-5a0c8e6f1a02',
				name: 'Next',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [220, 0],
				parameters: {},
			},
		],
		connections: { [JOURNAL_TRIGGER]: { main: [[{ node: 'Next', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

/** n8n takes no poll time that is more often than once a minute, but as many of them as one likes. */
function pollTimes(): Array<{ mode: string; cronExpression: string }> {
	return Array.from({ length: 60 / POLL_EVERY_SECONDS }, (_, index) => ({
		mode: 'custom',
		cronExpression: `${index * POLL_EVERY_SECONDS} * * * * *`,
	}));
}
