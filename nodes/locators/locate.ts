import type { INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { OperationCall } from '../operation/operation';
import type { ItemParameters } from '../operation/parameters';
import { labelOf } from '../operation/values';
import type { ItemClient } from '../platform/client';
import type { NamedKind } from './findNamed';
import { NAMED_CONNECTION, NAMED_DATAFLOW, NAMED_DATASET, theOneNamed } from './findNamed';
import {
	BY_NAME_MODE,
	connectionIdParameter,
	datasetParameter,
	flowIdParameter,
	readConnectionId,
	readDatasetId,
	readFlowId,
	readRunId,
} from './locators';

/** What a locator was read as, before anything is sent. */
export interface Located {
	/** Tells one choice from another: the ID, or that it is a name, and which. */
	readonly key: string;
	readonly isName: boolean;
	/**
	 * The ID, for the work of the item: only for a name something is sent.
	 *
	 * @throws Problem where no resource, or more than one, has the name
	 */
	id(client: ItemClient): Promise<string>;
}

/** What a locator is read from; a trigger has no tries to remember. */
type LocatorCall = Pick<OperationCall, 'parameters' | 'lookups'> &
	Partial<Pick<OperationCall, 'memory'>>;

/** @throws UserError when the locator is empty or holds something that can't be used in its mode */
export function locateConnection(call: LocatorCall): Located {
	return locate(call, connectionIdParameter, NAMED_CONNECTION, readConnectionId);
}

/** @throws UserError when the locator is empty or holds something that can't be used in its mode */
export function locateFlow(call: LocatorCall): Located {
	return locate(call, flowIdParameter, NAMED_DATAFLOW, readFlowId);
}

/** @throws UserError when the locator is empty or holds something that can't be used in its mode */
export function locateDataset(call: LocatorCall): Located {
	return locate(call, datasetParameter, NAMED_DATASET, readDatasetId);
}

/**
 * A run has no name.
 *
 * @throws UserError when the locator is empty or holds something that can't be an ID
 */
export function locateRun({ parameters }: LocatorCall): Located {
	return known(readRunId(parameters));
}

function locate(
	{ parameters, lookups, memory }: LocatorCall,
	parameter: INodeProperties,
	kind: NamedKind,
	readId: (parameters: ItemParameters) => string,
): Located {
	if (parameters.locatorMode(parameter) !== BY_NAME_MODE) return known(readId(parameters));
	const label = labelOf(parameter);
	const name = parameters.locator(parameter);
	checkSendable(name, label);
	const key = `name ${name}`;
	return {
		key,
		isName: true,
		async id(client) {
			// An earlier try may have renamed or deleted it.
			const before = memory?.recall<string>(`${parameter.name} ${key}`);
			if (before !== undefined) return before;
			const id = await theOneNamed(client, lookups, kind, { name, label });
			memory?.keep(`${parameter.name} ${key}`, id);
			return id;
		},
	};
}

function known(id: string): Located {
	return { key: id, isName: false, id: async () => id };
}

/** @throws UserError for half an emoji (an unpaired surrogate), which no address can hold */
function checkSendable(name: string, label: string): void {
	if (!/\p{Surrogate}/u.test(name)) return;
	throw new UserError(`'${label}' contains half an emoji`, {
		description: `Retype the name in '${label}': text that was cut off can end like this.`,
	});
}
