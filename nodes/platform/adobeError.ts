import { maskPasswords } from '../redaction/secrets';
import { asRecord, textOf } from './json';

/** Adobe's own words about a refused request, from either of its two error layers. */
export interface AdobeErrorBody {
	/** `FLOW-2120-403` of Flow Service, `403003` of the gateway. */
	code?: string;
	message?: string;
	requestId?: string;
}

// Far beyond what is shown, which is cut after secrets were taken out (`nodeError.ts`).
const LONGEST_MESSAGE = 20_000;
const LONGEST_CODE = 100;

/** Only Adobe's own error types name a code; `about:blank` and placeholders do not. */
const ADOBE_ERROR_TYPE = /^https?:\/\/ns\.adobe\.com\/aep\/errors\/([^/?#]+)$/;

/**
 * Reads an error body: Flow Service's (`type`, `title`, `report`, `errorMessage`), the gateway's
 * (`error_code`, `message`), other Experience Platform services' (`detail`, `error-chain`).
 * Anything else, such as a proxy's HTML page, gives an empty result. Passwords in connection strings
 * are taken out: Adobe may repeat one that this execution has never seen.
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
		message: message === undefined ? undefined : maskPasswords(message.slice(0, LONGEST_MESSAGE)),
		requestId: shortText([
			report['request-id'],
			report.registryRequestId,
			headers['x-request-id'],
			headers['X-Request-Id'],
		]),
	};
}

/** None where it is too long for what it should be: cut, a secret in it would not be found any more. */
function shortText(candidates: unknown[]): string | undefined {
	const text = firstText(candidates);
	return text === undefined || text.length > LONGEST_CODE ? undefined : maskPasswords(text);
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
