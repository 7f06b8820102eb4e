import { FlowError } from '../flowService/flowErrors.mts';
import { XdmError } from '../schemaRegistry/xdmErrors.mts';
import type { Fault } from './faults.mts';
import { PlatformError } from './platformError.mts';
import { gatewayError, WireError } from './wireError.mts';

const DETAILS: Record<number, string> = {
	403: 'You do not have sufficient permissions.',
	404: 'The requested resource does not exist.',
	500: 'An internal error occurred. Try again later.',
	503: 'The service is not available. Try again later.',
};

/** What goes over the wire for a fault of kind `status` or `late`. */
export interface FaultAnswer {
	status: number;
	headers: Record<string, string>;
	body: string;
}

/**
 * The answer that a fault asks for; what it leaves open is as Adobe would answer.
 *
 * @param path of the request, which decides whose form of error it is
 */
export function faultAnswer(fault: Fault, requestId: string, path: string): FaultAnswer {
	const status = fault.status ?? (fault.kind === 'late' ? 504 : 500);
	const usual = neighbourError(status, path) ?? usualError(status);
	const body = fault.body === undefined ? usual.toBody(requestId) : fault.body;
	const isText = typeof body === 'string';
	return {
		status,
		headers: {
			'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
			...usual.headers,
			...fault.headers,
		},
		body: isText ? body : JSON.stringify(body),
	};
}

/** The error of a service beside Flow Service, where the gateway would not answer. ⚠UNV */
function neighbourError(status: number, path: string): WireError | undefined {
	const detail = DETAILS[status];
	if (detail === undefined) return undefined;
	if (path.startsWith('/data/foundation/schemaregistry')) {
		return new XdmError(`XDM-0000-${status}`, 'Request refused', detail);
	}
	const isPlain = /^\/data\/foundation\/(catalog|conversion|export)\//.test(path);
	return isPlain ? new PlatformError(status, detail) : undefined;
}

function usualError(status: number): WireError {
	switch (status) {
		// flow-service.md 2.5
		case 401:
			return gatewayError(401, '401013', 'Oauth token is not valid');
		case 429:
			return gatewayError(429, '429050', 'Too many requests', { 'retry-after': '1' });
		// flow-service.md 2.6.1
		case 403:
			return new FlowError('FLOW-2120-403', 'You do not have sufficient permissions.');
		case 404:
			return new FlowError('FLOW-1101-404', 'The requested resource does not exist.');
		case 412:
			return new FlowError('FLOW-1404-412', 'The version in If-Match is not the current one.');
		case 500:
			return new FlowError('FLOW-1400-500', 'An internal error occurred. Try again later.');
		case 503:
			return new FlowError('FLOW-1103-503', 'The provider is not available. Try again later.');
		case 504:
			return new FlowError('FLOW-1104-504', 'The provider did not answer in time.');
		default:
			return new WireError(status, {});
	}
}
