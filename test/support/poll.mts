import { PollContext } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
} from 'n8n-workflow';
import { ObservableObject } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { AdobePostgreSqlDataflowTrigger } from '../../nodes/AdobePostgreSqlDataflowTrigger/AdobePostgreSqlDataflowTrigger.node';
import { imsCredential } from './adobe.mts';
import { wire } from './core.mts';

export interface PollOptions {
	mode?: 'trigger' | 'manual';
	/** Milliseconds that n8n grants the poll; `none` for a host that does not say. */
	budgetMs?: number | 'none';
}

/**
 * The trigger in a workflow of n8n's own classes, polled as n8n does: its static data is stored as
 * text, and every poll begins with what was stored, as after a restart.
 */
export class Poller {
	/** As n8n's database would hold it. */
	stored = '{}';
	/** Whether n8n would have noticed that the static data has changed. */
	changed = false;
	/** What the poll has written to the log. */
	readonly warnings: string[] = [];

	constructor(
		private readonly emulator: Emulator,
		public parameters: INodeParameters,
		private readonly ims: ICredentialDataDecryptedObject = {},
	) {}

	/** The static data of the node. */
	get state(): IDataObject {
		const all = JSON.parse(this.stored) as IDataObject;
		return (all['node:Adobe'] ?? {}) as IDataObject;
	}

	set state(state: IDataObject) {
		this.stored = JSON.stringify({ 'node:Adobe': state });
	}

	/** One poll; null where n8n would start no execution. */
	async poll({ mode = 'trigger', budgetMs }: PollOptions = {}): Promise<IDataObject[] | null> {
		const { context, nodeType, staticData } = this.context(mode, budgetMs);
		try {
			const output = (await nodeType.poll.call(context)) as INodeExecutionData[][] | null;
			return output?.[0]?.map(({ json }) => json) ?? null;
		} finally {
			this.changed = (staticData as unknown as { __dataChanged: boolean }).__dataChanged;
			this.stored = JSON.stringify(staticData);
		}
	}

	/** Two polls with the same static data: n8n may start one while the last is still going on. */
	async pollTwiceAtOnce(): Promise<Array<IDataObject[] | null>> {
		const first = this.context('trigger', undefined);
		const second = this.context('trigger', undefined, first.staticData);
		const ended = await Promise.all(
			[first, second].map(
				async ({ context, nodeType }) =>
					(await nodeType.poll.call(context)) as INodeExecutionData[][] | null,
			),
		);
		this.stored = JSON.stringify(first.staticData);
		return ended.map((output) => output?.[0]?.map(({ json }) => json) ?? null);
	}

	private context(
		mode: 'trigger' | 'manual',
		budgetMs: number | 'none' | undefined,
		staticData = this.load(),
	) {
		const nodeType = new AdobePostgreSqlDataflowTrigger();
		const { workflow, node, additional } = wire({
			nodeType,
			parameters: this.parameters,
			credentials: { ims: imsCredential(this.emulator, this.ims) },
		});
		workflow.staticData = staticData;
		const context = new PollContext(
			workflow,
			node,
			additional,
			mode,
			'init',
			undefined,
			undefined,
			undefined,
			undefined,
			undefined,
			typeof budgetMs === 'number' ? () => budgetMs : undefined,
		);
		// n8n 1.x has no such method.
		if (budgetMs === 'none') delete (context as { getPollBudgetMs?: unknown }).getPollBudgetMs;
		Object.assign(context.logger, { warn: (message: string) => this.warnings.push(message) });
		return { context, nodeType, staticData };
	}

	private load(): IDataObject {
		return ObservableObject.create(JSON.parse(this.stored) as IDataObject, undefined, {
			ignoreEmptyOnFirstChild: true,
		}) as IDataObject;
	}
}
