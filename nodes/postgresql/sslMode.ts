import { hasControlCharacter } from './plainText';
import type { Problem } from './problem';

/** One choice of `sslMode`, in the shape n8n shows options in. */
export interface SslModeOption {
	/** What the user reads. */
	name: string;
	/** What Adobe gets. */
	value: string;
	description: string;
}

/** What is sent unless the user says otherwise: encrypted where the server can, and never refused. */
export const DEFAULT_SSL_MODE = 'Prefer';

/**
 * The spelling is that of Adobe's PostgreSQL tutorial ("Verify Ca"); `Require` stands only in Adobe's
 * PostgreSQL overview, which also writes "Verify-Ca" and "Verify-Full".
 */
function documentedModes(): SslModeOption[] {
	return [
		{
			name: 'Disable',
			value: 'Disable',
			description: 'Never encrypted. Fails if the server requires TLS.',
		},
		{
			name: 'Allow',
			value: 'Allow',
			description: 'Unencrypted, or encrypted if the server requires it',
		},
		{
			name: 'Prefer',
			value: 'Prefer',
			description: 'Encrypted if the server supports it, otherwise unencrypted',
		},
		{
			name: 'Require',
			value: 'Require',
			description: 'Always encrypted. The certificate of the server is not checked.',
		},
		{
			name: 'Verify CA',
			value: 'Verify Ca',
			description:
				'Always encrypted, and the certificate must be from a trusted authority. If Adobe refuses it, set "Verify-Ca" with an expression.',
		},
		{
			name: 'Verify Full',
			value: 'Verify Full',
			description:
				'Like Verify CA, and the certificate must be for this host name. If Adobe refuses it, set "Verify-Full" with an expression.',
		},
	];
}

/**
 * What to offer for `sslMode` when the connection spec, which has the last word, cannot be read. On
 * AWS the newer edition of Adobe's PostgreSQL tutorial describes a yes or no, sent as text; older
 * pages give AWS the same words as Azure, so both are offered.
 */
export const SSL_MODES: Record<'azure' | 'aws', SslModeOption[]> = {
	azure: documentedModes(),
	aws: [
		{ name: 'True', value: 'true', description: 'Always encrypted' },
		{ name: 'False', value: 'false', description: 'Encryption is not enforced' },
		...documentedModes(),
	],
};

/**
 * What is wrong with an `sslMode`: nothing, unless it is not text, blank, or not one line. Any other
 * text may be right, because Adobe's pages disagree about the values; Adobe decides.
 */
export function sslModeProblem(value: string): Problem | undefined {
	if (typeof value !== 'string' || value.trim() === '') {
		return {
			message: 'The SSL mode is empty or not text.',
			hint: `Choose an SSL mode, for example ${DEFAULT_SSL_MODE}. On AWS send true or false as text, not as a yes or no.`,
		};
	}
	if (hasControlCharacter(value)) {
		return {
			message: 'The SSL mode contains a line break, a tab or another control character.',
			hint: 'Remove it.',
		};
	}
	return undefined;
}
