import { WireError } from './wireError.mts';

/**
 * An error of Data Prep or of Catalog. Neither documents its bodies (flow-service.md 6.1, 6.2,
 * 11 (31)), so this is what AEP's services have in common: flow-service.md 2.5, 2.6. ⚠UNV
 */
export class PlatformError extends WireError {
	constructor(
		status: number,
		readonly title: string,
		readonly detail: string,
	) {
		super(status, {});
	}

	override toBody(requestId: string): object {
		const { title, status, detail } = this;
		return { title, status, detail, report: { 'request-id': requestId } };
	}
}
