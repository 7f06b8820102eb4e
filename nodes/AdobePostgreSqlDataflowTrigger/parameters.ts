import type { INodeProperties, IPollFunctions } from 'n8n-workflow';

import type { Located } from '../locators/locate';
import { locateFlow } from '../locators/locate';
import { flowIdParameter } from '../locators/locators';
import {
	readSandboxName,
	simplifyParameter,
	triggerOptionsCollection,
} from '../operation/commonParameters';
import { ParameterReader } from '../operation/parameterReader';
import { ItemParameters } from '../operation/parameters';
import type { RunEventName } from '../operation/runEventParameters';
import { readTriggerOn, triggerOnParameter, watchParameter } from '../operation/runEventParameters';
import { IMS_CREDENTIAL } from '../platform/auth/credential';
import { ReadOnce } from '../platform/keyed';

/** The parameters of the trigger. */
export const triggerParameters: INodeProperties[] = [
	triggerOnParameter,
	watchParameter,
	{
		...flowIdParameter,
		description: 'The dataflow whose runs to watch',
		displayOptions: { show: { watch: ['one'] } },
	},
	simplifyParameter,
	triggerOptionsCollection,
];

/** The trigger's parameters as they were read. */
export interface TriggerSettings {
	triggerOn: RunEventName[];
	/** The one dataflow that is watched; undefined for all PostgreSQL dataflows. */
	dataflow?: Located;
	simplify: boolean;
	/** Overrides the credential's sandbox. */
	sandboxName?: string;
	/** Identifies what is watched: the same as long as that does not change. */
	target: string;
}

/** @throws UserError that names the parameter */
export function readSettings(context: IPollFunctions): TriggerSettings {
	// A poll has no items, so every expression has one value.
	const reader = new ParameterReader({
		getNode: () => context.getNode(),
		getNodeParameter: (name, _itemIndex, fallback) => context.getNodeParameter(name, fallback),
	});
	const parameters = new ItemParameters(reader, 0);
	const triggerOn = readTriggerOn(parameters);
	const one = parameters.choice(watchParameter) === 'one';
	const dataflow = one ? locateFlow({ parameters, lookups: new ReadOnce() }) : undefined;
	const sandboxName = readSandboxName(parameters);
	const credentialId = context.getNode().credentials?.[IMS_CREDENTIAL]?.id;
	return {
		triggerOn,
		dataflow,
		simplify: parameters.boolean(simplifyParameter),
		sandboxName,
		target: JSON.stringify([
			credentialId,
			sandboxName,
			dataflow?.key ?? 'all',
			[...triggerOn].sort(),
		]),
	};
}
