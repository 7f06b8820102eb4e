import { DateTime } from 'luxon';

/** A date pattern as in Java, which Data Prep uses, in both directions. */
export interface DatePattern {
	/** Undefined for a string that does not match. Without a zone the time is in UTC. */
	read(text: string): DateTime | undefined;
	write(time: DateTime): string;
}

/** Letters that mean the same in Java's patterns and in luxon's. */
const SAME = new Set(['y', 'M', 'd', 'H', 'h', 'm', 's', 'a', 'E']);

/**
 * @param pattern as `yyyy-MM-dd'T'HH:mm:ss.SSSX`
 * @throws Error for a letter that the emulator does not know, as `Y`, Java's week year
 */
export function datePattern(pattern: string): DatePattern {
	let tokens = '';
	let zoned = false;
	for (const [part] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'/g)) {
		const letter = part[0] ?? '';
		if (letter === "'" || !/[A-Za-z]/.test(letter) || SAME.has(letter)) tokens += part;
		else if (letter === 'S' && part.length === 3) tokens += 'SSS';
		else if (letter === 'X') {
			tokens += 'ZZ';
			zoned = true;
		} else throw new Error(`the date format has ${part}, which is not known`);
	}
	const options = { zone: 'utc', locale: 'en-US' };
	return {
		read: (text) => {
			// Java's X writes UTC as Z, luxon's offset is always in digits.
			const digits = zoned ? text.replace(/Z$/, '+00:00') : text;
			const time = DateTime.fromFormat(digits, tokens, options);
			return time.isValid ? time : undefined;
		},
		write: (time) => {
			const utc = time.toUTC().setLocale('en-US');
			return utc.toFormat(zoned ? tokens.replace('ZZ', "'Z'") : tokens);
		},
	};
}
