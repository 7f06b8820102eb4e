/** How to log in: the modes of libpq, which all of Adobe's spellings are brought down to. */
export type Encryption = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/**
 * What `sslMode` may say: the union of what the documents list, flow-service.md 3.4. Whether other
 * cases are accepted is ⚠UNV, so they are not.
 *
 * `true` and `false` are the newer tutorial's for AWS, "controls SSL enforcement": enforced means
 * TLS without a look at the certificate, not enforced means TLS where the server offers it. ⚠UNV
 */
const SSL_MODES: ReadonlyMap<string, Encryption> = new Map<string, Encryption>([
	['Disable', 'disable'],
	['Allow', 'allow'],
	['Prefer', 'prefer'],
	['Require', 'require'],
	['Verify Ca', 'verify-ca'],
	['Verify-Ca', 'verify-ca'],
	['Verify_ca', 'verify-ca'],
	['Verify Full', 'verify-full'],
	['Verify-Full', 'verify-full'],
	['Verify_full', 'verify-full'],
	['true', 'require'],
	['false', 'prefer'],
]);

/** The mode that a value of `sslMode` means, or undefined for a value that is not accepted. */
export function readSslMode(value: string): Encryption | undefined {
	return SSL_MODES.get(value);
}

/**
 * The mode that a connection string's two keys mean: flow-service.md 3.2.
 *
 * With `ValidateServerCertificate=1` the chain is checked and the host name is not: the driver that
 * these keys belong to compares host names only with another key. ⚠UNV
 *
 * @param method `0` plain, `1` TLS, `6` TLS if offered; absent means plain
 * @param validate `1` to check the certificate
 * @returns undefined for any other method
 */
export function readEncryptionMethod(
	method: string | undefined,
	validate: string | undefined,
): { encryption: Encryption; checkWhenEncrypted: boolean } | undefined {
	const checkWhenEncrypted = validate === '1';
	switch (method ?? '0') {
		case '0':
			return { encryption: 'disable', checkWhenEncrypted: false };
		case '1':
			return { encryption: checkWhenEncrypted ? 'verify-ca' : 'require', checkWhenEncrypted };
		case '6':
			return { encryption: 'prefer', checkWhenEncrypted };
		default:
			return undefined;
	}
}
