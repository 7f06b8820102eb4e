/** A text or a number of JSON; texts are matched so that numbers within them are left alone. */
const TEXT_OR_NUMBER = /"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/**
 * JSON whose numbers are texts wherever JavaScript's own would be another number: PostgreSQL's bigint and
 * numeric hold more digits. (`JSON.parse` shows a number's digits from Node.js 21 on only.)
 *
 * @throws SyntaxError for what is no JSON
 */
export function parseExactly(json: string): unknown {
	const exact = json.replace(TEXT_OR_NUMBER, (token) =>
		token.startsWith('"') || isExact(token) ? token : `"${token}"`,
	);
	return JSON.parse(exact) as unknown;
}

function isExact(token: string): boolean {
	const number = Number(token);
	// Beyond 2^53, a number may stand for its neighbours, too.
	if (/^-?\d+$/.test(token)) return Number.isSafeInteger(number);
	return Number.isFinite(number) && digitsOf(token) === digitsOf(String(number));
}

/** The digits that count, and where the point is: the same for `1.50`, `1.5` and `15e-1`. */
function digitsOf(token: string): string {
	const [, sign = '', whole = '', fraction = '', exponent = '0'] =
		/^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? [];
	const digits = `${whole}${fraction}`.replace(/^0+/, '');
	const counting = digits.replace(/0+$/, '');
	if (counting === '') return '0';
	const power = Number(exponent) - fraction.length + digits.length - counting.length;
	return `${sign}${counting}e${power}`;
}
