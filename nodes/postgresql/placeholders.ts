import type { Problem } from './problem';

/** What a template calls the things that are to be filled in. */
const FIELD_WORDS =
	'(?:password|passwd|pass|pwd|pw|secret|token|server|server[ _-]?name|host|host[ _-]?name|hostname|endpoint|address|port|database|database[ _-]?name|db|db[ _-]?name|dbname|user|user[ _-]?name|username|user[ _-]?id|uid|login|role|project|project[ _-]?ref|ref|region|account|tenant|name|value|url|uri|host\\/ip|ip)';

/** `password`, `DB_PASSWORD`, `your password`, `my-server`, `the host here`. */
const NAMES_FIELD = new RegExp(
	`^(?:(?:your|my|the|enter|insert|a|db|pg|postgres|postgresql|database|source|sql|admin|new)[ _-]?)*${FIELD_WORDS}(?:[ _-]?(?:here|goes[ _-]?here|value|\\d))?$`,
	'i',
);

/** Whole values that nobody has as a password, by the form that they have in templates. */
const WHOLE: readonly RegExp[] = [
	/^\{\{.*\}\}$/,
	/^\$\{\w[\w.:-]*\}$/,
	/^\$\(\w+\)$/,
	/^\$env:\w+$/i,
	/^\$[A-Z][A-Z0-9_]*(?:PASS|PASSWORD|PWD|PW|SECRET|USER|USERNAME|HOST|SERVER|DB|DATABASE|PORT|NAME)$/,
	/^\$(?:PASS|PASSWORD|PWD|PW|SECRET|USER|USERNAME|HOST|SERVER|DB|DBNAME|DATABASE|PORT)$/i,
	/^#\{[\w.-]+\}#?$/,
	/^__[A-Z][A-Z0-9_]*__$/,
	/^%[A-Z][A-Z0-9_]{2,}%$/,
	/^%(?:\(\w+\))?s$/,
	/^<%=?.*%>$/,
	new RegExp(
		`^[<[{]?(?:your|enter|insert)(?:[ _-]\\w{1,20}){0,4}[ _-]${FIELD_WORDS}(?:[ _-](?:goes[ _-])?here)?[>\\]}]?$`,
		'i',
	),
	/^(?:your|enter|insert)(?:password|pass|pwd|secret|server|host|hostname|database|db|user|username)(?:here)?$/i,
	// As connectionstrings.com writes them, letter by letter.
	/^(?:myPassword|myUsername|myServerAddress|myDataBase)$/,
	// Copied from a page that hides the password.
	/^[*•●·]{3,}$/,
	/^[xX]{6,}$/,
	/^(?:…|\.\.\.)$/,
	/^<?redacted>?$/i,
	/^\[redacted\]$/i,
];

/** `{SERVER}`, `<password>`, `[YOUR-PASSWORD]`: brackets around the name of a field. */
const BRACKETED = /^(?:\{([^{}]*)\}|<([^<>]*)>|\[([^[\]]*)\]|«([^«»]*)»)$/;

/** In ODBC braces quote a value, so that a short word in them may be a password: `{pass}`. */
const SHORT_WORD = /^\{(?:pass|pwd|pw|secret|token|db|ref|ip|a|login|name|value|new|admin)\}$/;

/** The same anywhere in the name of a host, a database or a user: `postgres.[YOUR-PROJECT-REF]`. */
const BRACKETED_PIECE = /\{[^{}]*\}|<[^<>]*>|\[[^[\]]*\]/g;

const VARIABLE_PIECE = /\$\{[A-Za-z_]\w*\}|\$[A-Z_]{3,}/;

/**
 * Whether a value is what a template has in the place of one. Only by the whole of it: a password may
 * hold any of these characters.
 *
 * @param written as it stands in the text, with its braces; they quote a value in ODBC
 */
export function isPlaceholder(value: string, written: string = value): boolean {
	return [value, written].some((text) => {
		const trimmed = text.trim();
		return namesFieldInBrackets(trimmed) || WHOLE.some((one) => one.test(trimmed));
	});
}

function namesFieldInBrackets(text: string): boolean {
	const [, ...inner] = BRACKETED.exec(text) ?? [];
	const name = inner.find((one) => one !== undefined)?.trim();
	return name !== undefined && NAMES_FIELD.test(name) && !SHORT_WORD.test(text);
}

/** Whether the name of a host, a database or a user still holds a piece of a template. */
export function holdsPlaceholder(value: string, written: string = value): boolean {
	const pieces = value.match(BRACKETED_PIECE) ?? [];
	return (
		isPlaceholder(value, written) || pieces.some(namesFieldInBrackets) || VARIABLE_PIECE.test(value)
	);
}

/** @param name of the field, as the text or the node calls it */
export function placeholderProblem(name: string): Problem {
	return {
		message: `${name} is still the placeholder of a template.`,
		hint: `Put the real value in its place, without the braces or brackets around it.`,
	};
}
