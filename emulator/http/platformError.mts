import { WireError } from './wireError.mts';

const TITLES: Record<number, string> = {
	400: 'BadRequestError',
	403: 'ForbiddenError',
	404: 'NotFoundError',
	500: 'InternalServerError',
	503: 'ServiceUnavailableError',
};

/**
 * An error of Data Prep or of Catalog. Neither documents its bodies (flow-service.md 6.1, 6.2,
 * 11 (31)), so this is the form that AEP's services have in common: flow-service.md 2.5, 2.6. ⚠UNV
 */
export class PlatformError extends WireError {
	constructor(
		status: number,
		readonly detail: string,
	) {
		super(status, {});
	}

	override toBody(requestId: string): object {
		const { status, detail } = this;
		const title = TITLES[status] ?? 'Error';
		return { title, status, detail, report: { 'request-id': requestId } };
	}
}

/** Input that is not valid. */
export function badRequest(detail: string): PlatformError {
	return new PlatformError(400, detail);
}
