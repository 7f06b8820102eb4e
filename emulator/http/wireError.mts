/** An answer other than success, in the exact form in which it goes over the wire. */
export class WireError extends Error {
	constructor(
		readonly status: number,
		readonly body: object,
		readonly headers: Record<string, string> = {},
	) {
		super(`HTTP ${status}`);
	}

	/**
	 * The body for one request; a service that writes the request's ID into it builds it here.
	 *
	 * @param requestId that of the answer's header
	 */
	toBody(_requestId: string): object {
		return this.body;
	}
}

/** flow-service.md 2.5: what the gateway itself answers; the code is a string. */
export function gatewayError(
	status: number,
	code: string,
	message: string,
	headers: Record<string, string> = {},
): WireError {
	return new WireError(status, { error_code: code, message }, headers);
}

/** flow-service.md 2.5, last item: a body without a usable content type. */
export function contentTypeError(detail = 'A valid content-type must be specified'): WireError {
	return new WireError(400, {
		type: '/placeholder/type/uri',
		status: 400,
		title: 'BadRequestError',
		detail,
	});
}
