import { parseConnectionString } from './connectionString';
import { comparableKey } from './connectionStringParts';
import { isSecretKey } from '../redaction/secretKeys';

const CONNECTION_STRING = 'connectionString';

/**
 * Whether what Adobe shows of a connection's `auth.params` certainly differs from the wanted ones.
 * Secrets count for nothing: Adobe leaves them out or puts something else in their place, and which
 * of the two is not documented. What it does not show can't differ.
 *
 * @param shown `auth.params` of a GET, of whatever form
 * @param wanted `auth.params` as they would be sent
 */
export function detailsDiffer(
	shown: Readonly<Record<string, unknown>>,
	wanted: Readonly<Record<string, string>>,
): boolean {
	return Object.entries(wanted).some(([key, value]) => {
		if (!Object.hasOwn(shown, key)) return false;
		if (key === CONNECTION_STRING) return stringsDiffer(shown[key], value);
		// A port may come back as a number.
		return !isSecretKey(key) && String(shown[key]) !== value;
	});
}

/** Two connection strings by their readable parts; a placeholder has none. */
function stringsDiffer(shown: unknown, wanted: string): boolean {
	if (typeof shown !== 'string' || shown === wanted) return false;
	const shownParts = readableParts(shown);
	const wantedParts = readableParts(wanted);
	if (shownParts === undefined || wantedParts === undefined) return false;
	const keys = new Set([...shownParts.keys(), ...wantedParts.keys()]);
	return [...keys].some((key) => shownParts.get(key) !== wantedParts.get(key));
}

function readableParts(text: string): Map<string, string> | undefined {
	const parsed = parseConnectionString(text);
	if (!parsed.ok) return undefined;
	return new Map(
		parsed.parts
			.map(({ key, canonical, value }): [string, string] => [
				comparableKey(canonical ?? key),
				value,
			])
			.filter(([key]) => !isSecretKey(key)),
	);
}
