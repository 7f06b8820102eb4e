import { Problem } from '../../platform/errors/problem';
import { DATABASE_WORDS } from './databaseWords';

/**
 * Codes of Adobe's connectors, which speak for the database. The prefix is documented for runs
 * only; with Flow Service's own prefix, none but a connector has numbers from 1300 to 1399.
 */
const CONNECTOR_CODE = /^(CONNECTOR-|FLOW-13\d\d-)/;

/** Whether an error is about the database, and not about the call. */
export function isDatabaseError(error: unknown): error is Problem {
	return error instanceof Problem && CONNECTOR_CODE.test(error.details.code ?? '');
}

const GENERAL =
	"Check the database details: 'Server', 'Port', 'Database', 'Username', 'Password' and the TLS choice, and that the firewall in front of the database lets Adobe's addresses in (Adobe lists them by region under \"IP address allow list\").";

/** For Adobe, too, these are the machine that it runs on. */
const SELF = /(?:^|[\s("'/@])(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)(?=$|[\s)"',;:/.])/i;

const TO_ITSELF =
	"'Server' is localhost, which for Adobe is a machine of its own: Adobe, not n8n, connects to the database. Enter the host name or IP address by which the database is reached from the internet.";

/** Which field to look at, judged by the words in which a database refused Adobe. */
export function adviceFor(reason: string): string {
	return knownAdvice(reason) ?? GENERAL;
}

/** The same; undefined where nobody knows the words. */
export function knownAdvice(reason: string): string | undefined {
	const words = withoutNames(reason);
	const found = DATABASE_WORDS.find((one) => one.words.test(words))?.advice;
	const isUnreached = /refused|cannot be reached|timed? ?out|did not answer|could not connect/i;
	return found !== undefined && SELF.test(reason) && isUnreached.test(words) ? TO_ITSELF : found;
}

/** Names of databases, users and hosts can hold any word, and mean nothing by it. */
function withoutNames(reason: string): string {
	return (
		reason
			// `"trust"`, `'timeout'`; an apostrophe within a word opens nothing.
			.replace(/"[^"\n]*"|“[^”\n]*”|`[^`\n]*`/g, '…')
			.replace(/(^|[\s(=[:])'[^'\n]*'(?=$|[\s).,;:\]])/g, '$1…')
			// `db.trust.example.com`, with its port; files, classes and codes look alike.
			.replace(
				/(?<![\w.-])(?!pg_hba\.conf|sun\.security|postgres\.)[\w-]+(?:\.[\w-]+)*\.[A-Za-z][\w-]+(?::\d+)?(?![\w-])/g,
				(name) =>
					/Exception|Error$|^(?:org|com|java|javax|io|net|System|Npgsql)\./.test(name) ? name : '…',
			)
			// `refused-host:5432`
			.replace(/(?<![\w.:-])[A-Za-z][\w-]*:\d{2,5}(?![\w:-])/g, '…')
			.replace(/\b(ENOTFOUND|EAI_AGAIN)\s+[\w-]+/g, '$1 …')
			.replace(
				/\b(host ?name|hostname|host|server|user|role|database|endpoint|Host:)\s+(?=[\w-]*[-_\d])[A-Za-z][\w-]*/gi,
				'$1 …',
			)
	);
}
