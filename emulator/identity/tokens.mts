import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from './clients.mts';

/** The bearer tokens: the valid ones, and a list of all that were ever issued. */
export class Tokens {
	/** Every token issued, oldest first, expired and revoked ones included. */
	readonly issued: string[] = [];
	private readonly valid = new Map<
		string,
		{ client: Client; scopes: string[]; expiresAt: number }
	>();

	constructor(private readonly lifetimeMs: number) {}

	/** Issues a JWT-shaped token; the payload's times are strings of ms, flow-service.md 1.2. */
	issue(client: Client, scope: string): string {
		const now = Date.now();
		const payload = {
			id: randomUUID(),
			type: 'access_token',
			client_id: client.clientId,
			user_id: client.technicalAccountId,
			as: 'ims-na1',
			scope,
			created_at: String(now),
			expires_in: String(this.lifetimeMs),
		};
		const parts = [{ alg: 'RS256', typ: 'JWT', x5u: 'ims_na1-key-at-1.cer' }, payload].map((part) =>
			Buffer.from(JSON.stringify(part)).toString('base64url'),
		);
		const token = [...parts, randomBytes(64).toString('base64url')].join('.');
		this.issued.push(token);
		this.valid.set(token, { client, scopes: scope.split(','), expiresAt: now + this.lifetimeMs });
		return token;
	}

	/** The client of a token, or undefined when it is unknown, expired or revoked. */
	clientOf(token: string): Client | undefined {
		const entry = this.valid.get(token);
		if (entry === undefined) return undefined;
		if (Date.now() < entry.expiresAt) return entry.client;
		this.valid.delete(token);
		return undefined;
	}

	/** The scopes that a valid token was asked for with. */
	scopesOf(token: string): string[] {
		return this.valid.get(token)?.scopes ?? [];
	}

	/** Ends all tokens at once, as if every secret had been rotated. */
	revokeAll(): void {
		this.valid.clear();
	}
}
