import { WireError } from '../http/wireError.mts';

const TITLES: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Resource not found',
	412: 'Precondition Failed',
	500: 'Internal Server Error',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

/** flow-service.md 12 (13): the titles that Adobe's list of errors prints. */
const PUBLISHED_TITLES: Record<string, string> = {
	'1403': 'Header is missing',
	'1404': 'Version not matching',
	'2100': 'Sandbox not found',
	'2110': 'Headers not allowed',
};

function titleOf(code: string, status: number): string {
	const number = /^FLOW-(\d+)-/.exec(code)?.[1] ?? '';
	const published = PUBLISHED_TITLES[number];
	if (published !== undefined) return published;
	// A resource that is not found has a title of its own in a sample: flow-service.md 2.6.
	if (number.startsWith('14') && status === 400) return 'Invalid request';
	return TITLES[status] ?? 'Error';
}

/**
 * An error in Flow Service's form, flow-service.md 2.6.
 *
 * @param code prefix, number and HTTP status, as in `FLOW-1439-404`; the status line follows it
 * @param extra other members of `report`, as `id` and `type` of a resource that was not found
 */
export class FlowError extends WireError {
	constructor(
		readonly code: string,
		readonly detail: string,
		readonly extra: Record<string, string> = {},
	) {
		super(Number(code.slice(-3)), {});
	}

	override toBody(requestId: string): object {
		return {
			type: `https://ns.adobe.com/aep/errors/${this.code}`,
			title: titleOf(this.code, this.status),
			status: this.status,
			report: { 'detailed-message': this.detail, ...this.extra, 'request-id': requestId },
			errorMessage: this.detail,
			errorDetails: this.detail,
		};
	}
}

/** flow-service.md 2.6, first sample: a resource that does not exist, or not for this caller. */
export function notFound(type: string, id: string): FlowError {
	const detail = `The requested ${type} resource ${id} is not found. Verify the resource ID before trying again.`;
	return new FlowError('FLOW-1439-404', detail, { id, type });
}

/** flow-service.md 2.6.2, 1308: an error relayed from the backend that does the connecting. */
export function backendError(failure: string): FlowError {
	return new FlowError(
		'CONNECTOR-1308-400',
		`The connection to the source failed. msftErrorMessage: ${failure}`,
	);
}
