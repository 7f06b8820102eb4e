import { maskPasswords } from '../redaction/secrets';
import { asRecord, textOf } from './json';

/** Adobe's own words about a failed request, from any of its error layers. */
export interface AdobeErrorBody {
	/** `FLOW-2120-403` of Flow Service, `403003` of the gateway. */
	code?: string;
	message?: string;
	requestId?: string;
}

// Far more than is shown. What is shown is cut when no secret is left in it (`nodeError.ts`,
// `redaction/outputs.ts`), and so far from here that no piece of one cut in two here is in it.
const MAX_MESSAGE_LENGTH = 100_000;
const MAX_CODE_LENGTH = 100;

/** Only Adobe's own error types name a code; `about:blank` and placeholders do not. */
const ADOBE_ERROR_TYPE = /^https?:\/\/ns\.adobe\.com\/aep\/errors\/([^/?#]+)$/;

/**
 * Reads an error body: Flow Service's (`type`, `title`, `report`, `errorMessage`), the gateway's
 * (`error_code`, `message`), other Experience Platform services' (`detail`, `error-chain`).
 * Anything else, such as a proxy's HTML page, gives an empty result. Passwords in connection strings
 * are masked: Adobe may repeat one that this execution has never seen.
 */
export function readAdobeError(
	body: unknown,
	headers: Record<string, unknown> = {},
): AdobeErrorBody {
	const record = asRecord(body) ?? {};
	const report = asRecord(record.report) ?? {};
	const chain = Array.isArray(record['error-chain'])
		? asRecord(record['error-chain'][0])
		: undefined;
	const message = firstText([
		report['detailed-message'],
		record.errorMessage,
		record.detail,
		record.message,
		record.error_description,
		record.title,
	]);
	return {
		code: shortText([
			ADOBE_ERROR_TYPE.exec(textOf(record.type) ?? '')?.[1],
			numberAsText(record.error_code),
			chain?.errorCode,
			record.error,
		]),
		message:
			message === undefined ? undefined : maskPasswords(message).slice(0, MAX_MESSAGE_LENGTH),
		requestId: shortText([
			report['request-id'],
			report.registryRequestId,
			headers['x-request-id'],
			headers['X-Request-Id'],
		]),
	};
}

/** Undefined where it is too long to be a code: in a piece of it, no secret would be found any more. */
function shortText(candidates: unknown[]): string | undefined {
	const text = firstText(candidates);
	return text === undefined || text.length > MAX_CODE_LENGTH ? undefined : maskPasswords(text);
}

function firstText(candidates: unknown[]): string | undefined {
	for (const candidate of candidates) {
		const text = textOf(candidate);
		if (text !== undefined) return text.trim();
	}
	return undefined;
}

function numberAsText(value: unknown): unknown {
	return typeof value === 'number' ? String(value) : value;
}
