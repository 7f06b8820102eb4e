import { WireError } from '../http/wireError.mts';

/**
 * An error in Schema Registry's form: flow-service.md 2.6, 6.3.
 *
 * @param code prefix, number and HTTP status, as in `XDM-1006-400`; the status line follows it
 */
export class XdmError extends WireError {
	constructor(
		readonly code: string,
		readonly title: string,
		readonly detail: string,
	) {
		super(Number(code.slice(-3)), {});
	}

	override toBody(requestId: string): object {
		const { code, title, status, detail } = this;
		return {
			type: `http://ns.adobe.com/aep/errors/${code}`,
			title,
			status,
			report: {
				registryRequestId: requestId,
				timestamp: registryTime(new Date()),
				'detailed-message': detail,
				'sub-errors': [],
			},
			detail,
		};
	}
}

/** ⚠UNV: something that the documents forbid without giving the number of the error. */
export function invalidResource(detail: string): XdmError {
	return new XdmError('XDM-0000-400', 'Bad Request', detail);
}

/**
 * Adobe's troubleshooting guide for XDM: 1010 to 1017, which of them for which kind is ⚠UNV.
 *
 * @param kind as in the path
 */
export function resourceNotFound(kind: string, id: string): XdmError {
	const codes: Record<string, string> = { schemas: '1010', classes: '1011', fieldgroups: '1012' };
	return new XdmError(
		`XDM-${codes[kind] ?? '1013'}-404`,
		'Object not found',
		`The requested ${kind} resource ${id} is not found.`,
	);
}

/** As in that guide's samples: `06-01-2021 04:11:06`. */
function registryTime(date: Date): string {
	const [day = '', time = ''] = date.toISOString().split('T');
	const [year, month, dayOfMonth] = day.split('-');
	return `${month}-${dayOfMonth}-${year} ${time.slice(0, 8)}`;
}
