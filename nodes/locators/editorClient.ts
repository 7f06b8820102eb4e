import type { ILoadOptionsFunctions, INodeProperties } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { OPTIONS, SANDBOX_LABEL, sandboxNameOption } from '../operation/commonParameters';
import { locatorValue } from '../operation/locatorValue';
import { labelOf } from '../operation/values';
import type { ItemClient } from '../platform/client';
import { PlatformClient } from '../platform/client';
import { checkSandboxName } from '../platform/auth/credential';
import { toNodeError } from '../platform/errors/nodeError';
import { asRecord, isBlank, textOf } from '../platform/json';
import { outputWithoutSecrets, Redactor } from '../redaction/secrets';

const EDITOR_TIMEOUT_MS = 30_000;
const MAX_CONCURRENCY = 1;

/**
 * Gives a list of the editor a client, in the sandbox that is chosen under Options.
 *
 * @param sandboxOf which sandbox instead; undefined for the credential's own
 * @throws NodeApiError or NodeOperationError, which the editor shows in the list's place
 */
export async function withClient<T>(
	context: ILoadOptionsFunctions,
	work: (client: ItemClient) => Promise<T>,
	sandboxOf: (context: ILoadOptionsFunctions) => string | undefined = chosenSandbox,
): Promise<T> {
	let platform: PlatformClient | undefined;
	try {
		platform = PlatformClient.open(context, MAX_CONCURRENCY);
		const transport = await platform.transportFor();
		const shown = await work(
			platform.forItem(transport, {
				sandboxName: sandboxOf(context),
				timeoutMs: EDITOR_TIMEOUT_MS,
			}),
		);
		return outputWithoutSecrets(shown, new Redactor(platform.secrets()));
	} catch (error) {
		throw toNodeError(context.getNode(), error, { secrets: platform?.secrets() ?? [] });
	}
}

/**
 * What a locator holds in the editor; undefined where it is still empty.
 *
 * @throws UserError for an expression, whose value is not known before the execution
 */
export function chosenIn(
	context: ILoadOptionsFunctions,
	parameter: INodeProperties,
): string | undefined {
	const raw = context.getCurrentNodeParameter(parameter.name);
	const { given, value } = locatorValue(parameter, raw);
	// n8n's editor works expressions out before it asks, and sends null for what it can't.
	if (isUnknownExpression(given) || asRecord(raw)?.value === null) {
		throw notKnownYet(
			`'${labelOf(parameter)}'`,
			`Give an expression here, too, or choose '${labelOf(parameter)}' without one.`,
		);
	}
	return textOf(value)?.trim();
}

/** The sandbox override as it is typed. */
function chosenSandbox(context: ILoadOptionsFunctions): string | undefined {
	const options = asRecord(context.getCurrentNodeParameter(OPTIONS.name)) ?? {};
	const { name } = sandboxNameOption;
	if (!(name in options)) return undefined;
	const typed = options[name];
	if (typed === undefined || typed === null || isUnknownExpression(typed)) {
		throw notKnownYet(
			`'${SANDBOX_LABEL}' under Options`,
			'Give the ID instead of choosing from the list, or choose the sandbox without an expression.',
		);
	}
	return isBlank(typed) ? undefined : checkSandboxName(typed, `'${SANDBOX_LABEL}'`);
}

function isUnknownExpression(value: unknown): boolean {
	return typeof value === 'string' && value.trim().startsWith('=');
}

function notKnownYet(what: string, description: string): UserError {
	return new UserError(`${what} is an expression, which is not known yet`, { description });
}
