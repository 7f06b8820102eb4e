import type { IPollFunctions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { readFlowId } from '../locators/flowId';
import { ParameterReader } from '../operations/parameterReader';
import { SANDBOX_LABEL } from '../operations/options';
import { ItemParameters, oneOf } from '../operations/parameters';
import { checkSandboxName, IMS_CREDENTIAL } from '../platform/imsCredential';
import type { RunEventName } from './events';
import { RUN_EVENTS } from './events';

/** What the trigger is to do. */
export interface TriggerSettings {
	triggerOn: RunEventName[];
	/** The one dataflow that is watched; undefined for all out of PostgreSQL. */
	flowId?: string;
	simplify: boolean;
	/** Overrides the credential's sandbox. */
	sandboxName?: string;
	/** The same as long as the same is watched. */
	target: string;
}

/** @throws UserError that names the parameter */
export function readSettings(context: IPollFunctions): TriggerSettings {
	// There are no items here, so all expressions give one value.
	const source = {
		getNode: () => context.getNode(),
		getNodeParameter: (
			name: string,
			_itemIndex: number,
			fallback: unknown,
			options?: { extractValue?: boolean },
		) => context.getNodeParameter(name, fallback, options),
	};
	const parameters = new ItemParameters(source, 0, new ParameterReader(source));
	const triggerOn = readTriggerOn(parameters);
	const one = parameters.choice('watch', 'Watch', ['all', 'one']) === 'one';
	const flowId = one ? readFlowId(parameters) : undefined;
	const sandbox = parameters.collection('options').text('sandboxName', SANDBOX_LABEL)?.trim();
	const sandboxName =
		sandbox === undefined || sandbox === ''
			? undefined
			: checkSandboxName(sandbox, `'${SANDBOX_LABEL}'`);
	const credentialId = context.getNode().credentials?.[IMS_CREDENTIAL]?.id;
	return {
		triggerOn,
		flowId,
		simplify: parameters.boolean('simplify', 'Simplify'),
		sandboxName,
		target: JSON.stringify([credentialId, sandboxName, flowId ?? 'all', [...triggerOn].sort()]),
	};
}

function readTriggerOn(parameters: ItemParameters): RunEventName[] {
	const value = parameters.raw('triggerOn');
	const chosen = (Array.isArray(value) ? value : []).map((one) =>
		oneOf(one, 'Trigger On', RUN_EVENTS),
	);
	if (chosen.length > 0) return chosen;
	throw new UserError("'Trigger On' is empty", {
		description: "Choose at least one event in 'Trigger On'.",
	});
}
