const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
/** As RFC 3339 has it: a zone belongs to it. */
const DATE_TIME =
	/^(\d{4}-\d{2}-\d{2})[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):?[0-5]\d)$/;
const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const EMAIL = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${LABEL}$`, 'i');
const URI = /^[a-z][a-z0-9+.-]*:\S+$/i;

/** Whether a text is of a format; those that are not listed are for Adobe to judge. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
	date: isDate,
	'date-time': (text) => isDate(DATE_TIME.exec(text)?.[1] ?? ''),
	email: (text) => EMAIL.test(text),
	uri: (text) => URI.test(text),
};

/** How a message shows a format. */
const SAMPLES: Readonly<Record<string, string>> = {
	date: '2026-01-31',
	'date-time': '2026-01-31T06:00:00Z',
	email: 'ana@example.com',
	uri: 'https://example.com/',
};

/** Undefined for a text that is of the format, and for a format that is not known. */
export function formatMisfit(format: unknown, text: string): string | undefined {
	if (typeof format !== 'string' || !Object.hasOwn(FORMATS, format)) return undefined;
	if (FORMATS[format]?.(text) === true) return undefined;
	return `must be of the format ${format}, e.g. ${SAMPLES[format]}`;
}

/** Whether there is such a day. */
export function isDate(text: string): boolean {
	const [, year = '', month = '', day = ''] = DATE.exec(text) ?? [];
	if (year === '') return false;
	const date = new Date(`${text}T00:00:00Z`);
	return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}
