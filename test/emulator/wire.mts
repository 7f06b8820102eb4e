import type { Client, Emulator, EmulatorOptions } from '../../emulator/emulator.mts';
import { startAdobe } from '../support/adobe.mts';
import { testPostgres } from '../support/postgresGlobal.mts';

export const SPEC = '74a1c565-4e59-48d7-9d67-7c03b8a13137';
export const FLOW_SERVICE = '/data/foundation/flowservice';
export const ALL_SCOPES =
	'openid,session,AdobeID,read_organizations,additional_info.projectedProductContext';

/** An answer, read in full. */
export interface Answer {
	status: number;
	headers: Headers;
	text: string;
	/** The parsed body; undefined where it is no JSON. */
	json: any;
}

/** One side of the wire: an emulator and who calls it. */
export interface Wire {
	emulator: Emulator;
	/** A fresh token of the first client, or of another. */
	token(client?: Client): Promise<string>;
	/** Calls the platform with all headers; `headers` replaces some, null leaves one out. */
	call(method: string, path: string, options?: CallOptions): Promise<Answer>;
	/** Calls Flow Service. */
	flow(method: string, path: string, options?: CallOptions): Promise<Answer>;
	/** Creates a connection and answers its ID. */
	create(body: object, options?: CallOptions): Promise<string>;
}

export interface CallOptions {
	headers?: Record<string, string | null>;
	body?: unknown;
	client?: Client;
}

const running: Emulator[] = [];

/** Starts an emulator for the tests of one file or one test. */
export async function openWire(options: Partial<EmulatorOptions> = {}): Promise<Wire> {
	const emulator = await startAdobe(options);
	running.push(emulator);
	return wireTo(emulator);
}

/** The wire to an emulator that runs already. */
export function wireTo(emulator: Emulator): Wire {
	const tokens = new Map<string, string>();

	const token = async (client?: Client) => {
		const answer = await exchange(emulator, {
			client_id: client?.clientId ?? emulator.clientId,
			client_secret: client?.clientSecret ?? emulator.clientSecret,
		});
		if (answer.status !== 200) throw new Error(`token: ${answer.status} ${answer.text}`);
		return answer.json.access_token as string;
	};
	const call = async (method: string, path: string, given: CallOptions = {}) => {
		const { clientId, orgId } = given.client ?? emulator;
		if (!tokens.has(clientId)) tokens.set(clientId, await token(given.client));
		const headers: Record<string, string | null> = {
			authorization: `Bearer ${tokens.get(clientId)}`,
			'x-api-key': clientId,
			'x-gw-ims-org-id': orgId,
			'x-sandbox-name': 'prod',
			...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
			...given.headers,
		};
		const sent = Object.entries(headers).filter(
			(entry): entry is [string, string] => entry[1] !== null,
		);
		const body =
			given.body === undefined || typeof given.body === 'string' || given.body instanceof Uint8Array
				? given.body
				: JSON.stringify(given.body);
		return await read(
			await fetch(emulator.platformUrl + path, {
				method,
				headers: sent,
				body: (body as string) ?? null,
			}),
		);
	};
	const flow = async (method: string, path: string, given?: CallOptions) =>
		await call(method, FLOW_SERVICE + path, given);
	const create = async (body: object, given: CallOptions = {}) => {
		const answer = await flow('POST', '/connections', { ...given, body });
		if (answer.status !== 201) throw new Error(`create: ${answer.status} ${answer.text}`);
		return answer.json.id as string;
	};
	return { emulator, token, call, flow, create };
}

/** What Adobe adds to every resource of Flow Service: when and by whom it was made and changed, and where. */
export const addedByAdobe = ({ emulator }: Wire) => ({
	createdAt: expect.any(Number) as number,
	updatedAt: expect.any(Number) as number,
	createdBy: expect.stringMatching(/@techacct\.adobe\.com$/) as string,
	updatedBy: expect.stringMatching(/@techacct\.adobe\.com$/) as string,
	createdClient: emulator.clientId,
	updatedClient: emulator.clientId,
	sandboxId: expect.any(String) as string,
	sandboxName: 'prod',
	imsOrgId: emulator.orgId,
});

/** Closes every emulator that `openWire` started. */
export async function closeWires(): Promise<void> {
	await Promise.all(running.splice(0).map(async (emulator) => await emulator.close()));
}

/** Asks IMS for a token; `fields` replaces or (undefined) leaves out form fields. */
export async function exchange(
	emulator: Emulator,
	fields: Record<string, string | undefined> = {},
	path = '/ims/token/v3',
): Promise<Answer> {
	const form = new URLSearchParams();
	const all: Record<string, string | undefined> = {
		grant_type: 'client_credentials',
		client_id: emulator.clientId,
		client_secret: emulator.clientSecret,
		scope: ALL_SCOPES,
		...fields,
	};
	for (const [name, value] of Object.entries(all)) if (value !== undefined) form.set(name, value);
	return await read(await fetch(emulator.imsUrl + path, { method: 'POST', body: form }));
}

export async function read(response: Response): Promise<Answer> {
	const text = await response.text();
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}
	return { status: response.status, headers: response.headers, text, json };
}

/** The body that creates a connection with basic authentication to the sample database. */
export function basicBody(params: Record<string, unknown> = {}, name = 'Sales'): any {
	const { server, port, database, username, password } = testPostgres();
	return {
		name,
		description: 'by basic authentication',
		auth: {
			specName: 'Basic Authentication',
			params: {
				server,
				port: String(port),
				database,
				username,
				password,
				sslMode: 'Prefer',
				...params,
			},
		},
		connectionSpec: { id: SPEC, version: '1.0' },
	};
}

/** The body that creates a connection with a connection string; default: the sample database's. */
export function stringBody(connectionString = sampleString(), name = 'Sales'): any {
	return {
		name,
		auth: { specName: 'Connection String Based Authentication', params: { connectionString } },
		connectionSpec: { id: SPEC, version: '1.0' },
	};
}

/** The sample database's connection string in Adobe's order, with `extra` behind it. */
export function sampleString(extra = '', over: Record<string, string | number> = {}): string {
	const { server, port, database, username, password } = { ...testPostgres(), ...over };
	return `Server=${server};Database=${database};Port=${port};UID=${username};Password=${password}${extra}`;
}

/** The code of a Flow Service error, as `FLOW-1439-404`, taken from its `type`. */
export function codeOf(answer: Answer): string | undefined {
	return /^https:\/\/ns\.adobe\.com\/aep\/errors\/(.+)$/.exec(answer.json?.type ?? '')?.[1];
}
