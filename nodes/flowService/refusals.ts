import { Problem } from '../platform/problem';

/** What a refusal is called in the words of the node. */
export interface Refusal {
	message: string;
	description: string;
}

/** `CONNECTOR-1360-400`: the prefix says whose the number is, as both catalogues use the same ones. */
const CODE = /^(CONNECTOR|FLOW)-(\d{4})-\d{3}$/;

/**
 * The same error in the words of the node, where Adobe's code is known; any other as it came.
 *
 * @param refusals by number, or by `PREFIX-number` where the number alone means different things
 */
export function explainRefusal(error: unknown, refusals: ReadonlyMap<string, Refusal>): unknown {
	if (!(error instanceof Problem)) return error;
	const [, prefix = '', number = ''] = CODE.exec(error.details.code ?? '') ?? [];
	const known = refusals.get(`${prefix}-${number}`) ?? refusals.get(number);
	if (known === undefined) return error;
	const { code, requestId } = error.details;
	const trace = [code, requestId && `request ID ${requestId}`].filter(Boolean).join(', ');
	const said = error.adobeMessage === undefined ? '' : ` Adobe says: ${error.adobeMessage}`;
	return error.with({
		message: known.message,
		description: `${known.description} (${trace})${said}`,
	});
}
