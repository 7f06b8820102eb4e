import { generate, type GenerateResult } from 'selfsigned';

/** What a TLS server needs, and what a client needs to trust it; all PEM. */
export interface ServerCertificate {
	caPem: string;
	certificatePem: string;
	privateKeyPem: string;
}

const KEYS = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

/**
 * Makes an authority and a server certificate for the host name `localhost` only. The address
 * 127.0.0.1 is omitted on purpose: connecting by address then shows a host name mismatch.
 */
export async function makeServerCertificate(): Promise<ServerCertificate> {
	const ca: GenerateResult = await generate(
		[{ name: 'commonName', value: 'Sample database authority' }],
		{
			...KEYS,
			extensions: [
				{ name: 'basicConstraints', cA: true, critical: true },
				{ name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
			],
		},
	);
	const server = await generate([{ name: 'commonName', value: 'localhost' }], {
		...KEYS,
		ca: { key: ca.private, cert: ca.cert },
		extensions: [
			{ name: 'basicConstraints', cA: false, critical: true },
			{ name: 'keyUsage', digitalSignature: true, critical: true },
			{ name: 'extKeyUsage', serverAuth: true },
			{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
		],
	});
	return { caPem: ca.cert, certificatePem: server.cert, privateKeyPem: server.private };
}
