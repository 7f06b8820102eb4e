import { Problem } from '../../platform/errors/problem';

/**
 * Codes of Adobe's connectors, which speak for the database. The prefix is documented for runs
 * only; with Flow Service's own prefix, none but a connector has numbers from 1300 to 1399.
 */
const CONNECTOR_CODE = /^(CONNECTOR-|FLOW-13\d\d-)/;

/** Whether an error is about the database, and not about the call. */
export function isDatabaseError(error: unknown): error is Problem {
	return error instanceof Problem && CONNECTOR_CODE.test(error.details.code ?? '');
}

interface Advice {
	/** Words of PostgreSQL, of its drivers or of a network layer, as Adobe passes them on. */
	words: RegExp;
	advice: string;
}

/** From the particular to the general: the first that fits is given. */
const ADVICE: readonly Advice[] = [
	{
		// First, as PostgreSQL sends it with the code 28000, and up to version 13 with "SSL off" behind.
		words:
			/pg_hba|not let user .* in|no encryption|without (ssl|tls|encryption)|(ssl|tls) required|requires? (ssl|tls)/i,
		advice:
			"The server does not let this user in this way. It may insist on TLS: choose 'Require' as 'SSL Mode' (EncryptionMethod 1 in a connection string); or its pg_hba.conf must let Adobe's addresses in.",
	},
	{
		words: /password authentication failed|28P01|28000(?!\d)|invalid (password|authorization)/i,
		advice:
			"Check 'Username' and 'Password' (UID and Password in a connection string) of the database details.",
	},
	{
		words: /database "?[^"]*"? does not exist|3D000|unknown database|invalid catalog/i,
		advice: "Check 'Database' of the database details; PostgreSQL tells upper from lower case.",
	},
	{
		words:
			/not valid for the host name|host ?name.*(match|mismatch)|altname|does not match.*(host|certificate)/i,
		advice:
			"The server's certificate is for another host name: enter in 'Server' the name that stands in the certificate, or choose 'Verify Ca' as 'SSL Mode' (ValidateServerCertificate 0 in a connection string).",
	},
	{
		words: /certificate|self[- ]signed|unable to verify|trust/i,
		advice:
			"Adobe does not trust the server's certificate: use one from a public authority, or choose 'Require' as 'SSL Mode' (ValidateServerCertificate 0 in a connection string).",
	},
	{
		words:
			/(ssl|tls) (is )?(off|not supported|unsupported|refused|not enabled)|not (support|offer) (ssl|tls)/i,
		advice:
			"The server offers no TLS: switch TLS on there, or choose 'Prefer' as 'SSL Mode' (EncryptionMethod 6 or 0 in a connection string).",
	},
	{
		words:
			/host ?name.*(unknown|resolve|not found)|unknown host|ENOTFOUND|EAI_AGAIN|name or service/i,
		advice: "Check 'Server' of the database details: no such host is known to Adobe.",
	},
	{
		words: /too many (connections|clients)|53300/i,
		advice: 'The server has no connection left: raise max_connections or try again later.',
	},
	{
		words: /permission denied|may not connect|42501/i,
		advice:
			"Give the user of 'Username' the right to connect to the database and to read its tables.",
	},
	{
		words:
			/refused|unreachable|cannot be reached|did not answer|timed? ?out|timeout|could not connect|no route|reset|terminated/i,
		advice:
			"Check 'Server' and 'Port' of the database details, and that the firewall in front of the database lets Adobe's addresses in (Adobe lists them by region under \"IP address allow list\").",
	},
];

const GENERAL =
	"Check the database details: 'Server', 'Port', 'Database', 'Username', 'Password' and the TLS choice, and that the firewall in front of the database lets Adobe's addresses in (Adobe lists them by region under \"IP address allow list\").";

/** Which field to look at, judged by the words in which a database refused Adobe. */
export function adviceFor(reason: string): string {
	return ADVICE.find(({ words }) => words.test(reason))?.advice ?? GENERAL;
}
