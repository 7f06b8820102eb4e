import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import { OPTIONS, SANDBOX_LABEL, sandboxNameOption } from '../operation/commonParameters';
import type { Parameter } from '../operation/parameters';
import type { ItemClient } from '../platform/client';
import { PlatformClient } from '../platform/client';
import { checkSandboxName } from '../platform/auth/credential';
import { toNodeError } from '../platform/errors/nodeError';
import { asRecord, textOf } from '../platform/json';
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
 * What a locator holds in the editor; undefined where it is empty or an expression, which is not
 * known before the execution.
 */
export function chosenIn(
	context: ILoadOptionsFunctions,
	{ name }: Pick<Parameter, 'name'>,
): string | undefined {
	const value = context.getCurrentNodeParameter(name, { extractValue: true });
	const chosen = textOf(asRecord(value)?.value ?? value)?.trim();
	return chosen?.startsWith('=') ? undefined : chosen;
}

/** The sandbox override as it is typed; the value of an expression is not known before the execution. */
function chosenSandbox(context: ILoadOptionsFunctions): string | undefined {
	const options = asRecord(context.getCurrentNodeParameter(OPTIONS.name));
	const typed = textOf(options?.[sandboxNameOption.name]);
	if (typed === undefined) return undefined;
	if (typed.startsWith('=')) {
		throw new UserError(
			`'${SANDBOX_LABEL}' under Options is an expression, which is not known yet`,
			{
				description:
					'Give the ID instead of choosing from the list, or choose the sandbox without an expression.',
			},
		);
	}
	return checkSandboxName(typed, `'${SANDBOX_LABEL}'`);
}
