import fc from 'fast-check';

import {
	buildConnectionString,
	connectionStringSecrets,
	parseConnectionString,
	withTlsKeys,
} from '../../nodes/postgresql/connectionString';
import { detailsProblem } from '../../nodes/postgresql/pastedDetails';
import { maskPasswords, redact, withoutSecrets } from '../../nodes/redaction/secrets';
import { hostileJson, hostileText } from './arbitraries.mts';
import { runs } from './runs.mts';

/** Long enough to be told from ordinary words, and with no piece of the sentences around it. */
const secret = fc
	.string({ unit: 'grapheme', minLength: 8, maxLength: 40 })
	.filter((text) => text.trim().length >= 8 && !/[\r\n]/.test(text));

const tls = fc.record({
	encryptionMethod: fc.constantFrom('asIs', '0', '1', '6'),
	validateServerCertificate: fc.constantFrom('asIs', '0', '1'),
});

const value = fc.oneof(hostileText, secret).filter((text) => text.length < 500);

describe('A connection string that was put together from any fields', () => {
	it('is read back as exactly these, or the field in the way is named', () => {
		let built = 0;
		fc.assert(
			fc.property(value, value, value, tls, (database, username, password, tlsKeys) => {
				const fields = { server: 'db.example.com', port: 5432, database, username, password };
				const result = buildConnectionString({ ...fields, ...tlsKeys });
				if (!result.ok) {
					expect(['database', 'username', 'password']).toContain(result.problem.field);
					return;
				}
				built++;
				const parsed = parseConnectionString(result.connectionString);
				if (!parsed.ok) throw new Error(parsed.problem.message);
				const read = Object.fromEntries(parsed.parts.map((part) => [part.canonical, part.value]));
				expect(read).toMatchObject({ Database: database, UID: username, Password: password });
				if (password.trim() === '') return;
				expect(connectionStringSecrets(result.connectionString)).toContain(password);
			}),
			runs(1_000),
		);
		expect(built).toBeGreaterThan(100);
	});
});

describe('Any text as a connection string', () => {
	const near = fc
		.array(
			fc.oneof(
				hostileText,
				fc.constantFrom(
					'Server=',
					'Database=x',
					';',
					'UID=u',
					'Password=',
					'"',
					"'",
					'{',
					'}',
					'=',
				),
			),
			{ maxLength: 12 },
		)
		.map((pieces) => pieces.join(''));

	it('never makes the reader fail, and is quick', () => {
		fc.assert(
			fc.property(near, tls, (text, keys) => {
				const startedMs = Date.now();
				const problem = detailsProblem(text);
				const changed = withTlsKeys(text, keys as Parameters<typeof withTlsKeys>[1]);
				connectionStringSecrets(text);
				expect(Date.now() - startedMs).toBeLessThan(1_000);
				if (problem === undefined) {
					// What was sound stays sound, and a second time changes nothing.
					expect(detailsProblem(changed)).toBeUndefined();
					expect(withTlsKeys(changed, keys as Parameters<typeof withTlsKeys>[1])).toBe(changed);
				}
			}),
			runs(1_000),
		);
	});

	it('is never repeated by the problem that it has', () => {
		fc.assert(
			fc.property(secret, fc.constantFrom('', ';', '"', "'", '{', ';;='), (hidden, break_) => {
				const text = `Server=db.example.com;Database${break_};UID=u;Password=${hidden}${break_}`;
				const problem = detailsProblem(text);
				if (problem !== undefined) {
					expect(`${problem.message} ${problem.hint}`).not.toContain(hidden);
				}
			}),
			runs(500),
		);
	});
});

describe('A secret', () => {
	const FORMS: Array<(text: string) => string> = [
		(text) => text,
		(text) => `a ${text} b`,
		(text) => encodeURIComponent(text),
		(text) => new URLSearchParams({ password: text }).toString(),
		(text) => JSON.stringify({ a: text }),
		(text) => JSON.stringify(JSON.stringify({ a: text })),
		(text) => Buffer.from(text).toString('base64'),
		(text) => Buffer.from(`user:${text}`).toString('base64'),
		(text) => Buffer.from(text).toString('base64url'),
	];

	it('is in no text that was cleaned of it, in whatever form it stands there', () => {
		fc.assert(
			fc.property(secret, fc.constantFrom(...FORMS), hostileText, (hidden, form, around) => {
				const cleaned = redact(`${around.slice(0, 200)} ${form(hidden)} ${around.slice(0, 200)}`, [
					hidden,
				]);
				// A text around it that holds the mask's or the secret's own characters proves nothing.
				if (around.includes(hidden)) return;
				expect(cleaned).toContain('***');
				expect(cleaned).not.toContain(hidden);
				expect(cleaned).not.toContain(form(hidden));
			}),
			runs(1_500),
		);
	});

	it('is not in what is left of a connection string in any sentence', () => {
		fc.assert(
			fc.property(secret, hostileText, (hidden, around) => {
				const built = buildConnectionString({
					server: 'db.example.com',
					port: 5432,
					database: 'sales',
					username: 'aep',
					password: hidden,
				});
				if (!built.ok || around.includes(hidden)) return;
				const masked = maskPasswords(`${around.slice(0, 200)}\n${built.connectionString}`);
				expect(masked).not.toContain(hidden);
			}),
			runs(1_000),
		);
	});

	it.each([
		'password',
		'clientSecret',
		'connectionString',
		'access_token',
		'apiKey',
		'DB_PASSWORD',
	])('that is called %s is in no copy of whatever it is part of', (key) => {
		const holder = fc.letrec<{ node: unknown }>((tie) => ({
			node: fc.oneof(
				{ maxDepth: 5 },
				fc.constant('HERE'),
				fc.tuple(hostileJson, tie('node')),
				fc
					.tuple(fc.string({ maxLength: 5 }), tie('node'))
					.map(([name, node]) => ({ [name]: node })),
			),
		})).node;
		fc.assert(
			fc.property(holder, (around) => {
				const text = JSON.stringify(around).replaceAll(
					'"HERE"',
					JSON.stringify({ [key]: 'canary-8c1f', name: key, value: 'canary-8c1f' }),
				);
				const copy: unknown = withoutSecrets(JSON.parse(text));
				expect(JSON.stringify(copy)).not.toContain('canary-8c1f');
				expect(Object.getPrototypeOf({})).toBe(Object.prototype);
				expect(({} as Record<string, unknown>)[key]).toBeUndefined();
			}),
			runs(150),
		);
	});
});
