import { randomBytes } from 'node:crypto';
import type { Emulator } from '../../emulator/emulator.mts';
import { formsOf, type Form } from './forms.mts';

/** Where a text was found. */
export interface Place {
	kind: 'database' | 'file' | 'log' | 'output' | 'picture' | 'redis';
	/** Which table, file, process or key. */
	where: string;
}

/** Something to look for secrets in. */
export interface PlacedText extends Place {
	text: string;
}

/** A secret in a text. It names the secret and does not repeat it: reports are kept. */
export interface Finding extends Place {
	secret: string;
	form: string;
}

/** A secret that must not get out. */
interface Canary {
	/** Which one it is, for the report. */
	what: string;
	forms: Form[];
	/** Whether it stands there because somebody has put it there on purpose. */
	isMeantToBeIn?: (text: PlacedText) => boolean;
}

/** A shorter one would be found where it is not. */
const SHORTEST = 8;

/** Fields of credentials, and of what Adobe keeps of a connection, that are not secret; all others are. */
const HARMLESS_FIELDS = new Set([
	...['clientId', 'orgId', 'scopes', 'sandboxName', 'environment'],
	...['platformUrl', 'imsUrl', 'ioUrl'],
	...['authMode', 'server', 'port', 'database', 'username', 'sslMode', 'host', 'user'],
	...['url', 'organizationId', 'headerName', 'allowedHttpRequestDomains', 'allowedDomains'],
]);

/** What is typed in where n8n wants a value and there is none. */
const NOTHING = new Set(['', 'none']);

/** A password in a connection string, quoted or not. */
const PASSWORD = /(?:password|pwd)\s*=\s*("[^"]*"|'[^']*'|\{[^}]*\}|[^;]*)/gi;

/** All secrets that one run uses, whoever made them. */
export class Canaries {
	private readonly bySecret = new Map<string, Canary>();
	private readonly emulators = new Set<Emulator>();

	/** A new secret, e.g. a wrong password to fail with. */
	make(what: string, prefix = 'canary'): string {
		const secret = `${prefix}${randomBytes(12).toString('hex')}`;
		this.add(what, secret);
		return secret;
	}

	/**
	 * @param isMeantToBeIn for a secret that a test types in where anybody who may see the workflow can
	 *   read it; the narrower, the better
	 * @throws {RangeError} for a secret that is too short to be told from other text
	 */
	add(what: string, secret: string, isMeantToBeIn?: Canary['isMeantToBeIn']): void {
		if (secret.length < SHORTEST) {
			throw new RangeError(`${what} is too short to be looked for: make it ${SHORTEST} characters`);
		}
		const known = this.bySecret.get(secret);
		if (known === undefined) {
			this.bySecret.set(secret, { what, forms: formsOf(secret), isMeantToBeIn });
		} else {
			known.isMeantToBeIn ??= isMeantToBeIn;
		}
	}

	/** Adds whatever is secret in a credential, or in what Adobe logs in to a database with. */
	addFields(of: string, fields: Record<string, unknown>): void {
		for (const [field, value] of Object.entries(fields)) {
			if (typeof value !== 'string' || NOTHING.has(value) || HARMLESS_FIELDS.has(field)) continue;
			this.add(`${field} of ${of}`, value);
			if (field !== 'connectionString') continue;
			for (const [, password = ''] of value.matchAll(PASSWORD)) {
				this.add(`password of ${of}`, password.replace(/^(["'{])(.*)["'}]$/s, '$2'));
			}
		}
	}

	/** Adds what an emulator has, and will have, of secrets: its clients' and tokens, and passwords. */
	watch(emulator: Emulator): void {
		this.emulators.add(emulator);
	}

	/** Every secret in every text, but where it is meant to be. */
	async findIn(texts: AsyncIterable<PlacedText> | Iterable<PlacedText>): Promise<Finding[]> {
		this.askEmulators();
		const findings: Finding[] = [];
		for await (const placed of texts) {
			const { kind, where, text } = placed;
			for (const { what, forms, isMeantToBeIn } of this.bySecret.values()) {
				for (const form of forms) {
					if (!text.includes(form.text) || isMeantToBeIn?.(placed)) continue;
					findings.push({ secret: what, form: form.name, kind, where });
				}
			}
		}
		return findings;
	}

	/** Which secrets are looked for. */
	names(): string[] {
		this.askEmulators();
		return [...this.bySecret.values()].map(({ what }) => what);
	}

	private askEmulators(): void {
		for (const emulator of this.emulators) {
			for (const { clientId, clientSecret } of emulator.clients()) {
				this.add(`client secret of ${clientId}`, clientSecret);
			}
			for (const [index, token] of emulator.issuedTokens().entries()) {
				// The signature is what makes a token one; where it is not, there is none.
				this.add(`access token ${index + 1}`, token.slice(token.lastIndexOf('.') + 1));
			}
			for (const { name, auth } of emulator.connections()) {
				this.addFields(`the connection "${name}"`, auth.params);
			}
		}
	}
}

/** The register of this process: every stage, credential and emulator of it adds its secrets. */
export const canaries = new Canaries();
