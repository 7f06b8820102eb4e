import type { Adobe } from './adobe.mts';

const FLOW_SERVICE = '/data/foundation/flowservice';
const FIELD_GROUPS = '/data/foundation/schemaregistry/tenant/fieldgroups';

/** As many as one page holds. */
const MOST = 300;

/** A base connection as Adobe's side holds it; more than this is in the answer. */
export interface HeldConnection {
	id: string;
	name: string;
	state: string;
	/** Without secrets. */
	auth: { params: Record<string, unknown> };
}

/**
 * Asks Adobe's side itself, past n8n and past our nodes, what it holds: a second opinion on what a
 * workflow says it has done.
 */
export class Witness {
	private token: string | undefined;

	constructor(
		private readonly emulator: Adobe['emulator'],
		private readonly sandboxName = 'prod',
	) {}

	/**
	 * @returns the connection, or undefined when there is none with this ID
	 */
	async connection(id: string): Promise<HeldConnection | undefined> {
		const response = await this.get(`${FLOW_SERVICE}/connections/${encodeURIComponent(id)}`);
		if (response.status === 404) return undefined;
		// Flow Service puts a single resource into a list as well.
		const { items } = (await this.json(response)) as { items: HeldConnection[] };
		return items[0];
	}

	/** Whether Adobe's side can log in to the database of this connection now. */
	async testPasses(id: string): Promise<boolean> {
		const response = await this.get(`${FLOW_SERVICE}/connections/${encodeURIComponent(id)}/test`);
		if (!response.ok) return false;
		return ((await response.json()) as { result?: boolean }).result === true;
	}

	/** How many connections there are, by name. */
	async connectionsByName(): Promise<Record<string, number>> {
		const response = await fetch(`${this.emulator.platformUrl}/__emulator/stats`);
		return ((await this.json(response)) as { connections: Record<string, number> }).connections;
	}

	/** The titles of all field groups of the organization; of more than a page, it throws. */
	async fieldGroupTitles(): Promise<string[]> {
		const response = await this.get(`${FIELD_GROUPS}?orderby=title&limit=${MOST}`, {
			accept: 'application/vnd.adobe.xed-id+json',
		});
		const { results } = (await this.json(response)) as { results: Array<{ title: string }> };
		if (results.length >= MOST) throw new Error('There are more field groups than on one page');
		return results.map(({ title }) => title);
	}

	/** Gives a part of a dataflow another name, as somebody else would by hand. */
	async rename(
		kind: 'sourceConnections' | 'targetConnections',
		{ id, etag }: { id: string; etag: string },
		name: string,
	): Promise<void> {
		const response = await fetch(`${this.emulator.platformUrl}${FLOW_SERVICE}/${kind}/${id}`, {
			method: 'PATCH',
			headers: {
				...(await this.headers()),
				'content-type': 'application/json',
				'if-match': etag,
			},
			body: JSON.stringify([{ op: 'replace', path: '/name', value: name }]),
		});
		await this.json(response);
	}

	private async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
		return await fetch(`${this.emulator.platformUrl}${path}`, {
			headers: { ...(await this.headers()), ...headers },
		});
	}

	private async headers(): Promise<Record<string, string>> {
		this.token ??= await this.signIn();
		return {
			authorization: `Bearer ${this.token}`,
			'x-api-key': this.emulator.clientId,
			'x-gw-ims-org-id': this.emulator.orgId,
			'x-sandbox-name': this.sandboxName,
		};
	}

	private async signIn(): Promise<string> {
		const response = await fetch(`${this.emulator.imsUrl}/ims/token/v3`, {
			method: 'POST',
			body: new URLSearchParams({
				grant_type: 'client_credentials',
				client_id: this.emulator.clientId,
				client_secret: this.emulator.clientSecret,
				scope: 'openid,AdobeID,session,read_organizations,additional_info.projectedProductContext',
			}),
		});
		return ((await this.json(response)) as { access_token: string }).access_token;
	}

	private async json(response: Response): Promise<unknown> {
		if (response.ok) return await response.json();
		throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
	}
}
