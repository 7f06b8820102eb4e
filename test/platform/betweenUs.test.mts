import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { createRequire } from 'node:module';
import { createServer as createTlsServer } from 'node:https';

import type { INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { makeServerCertificate } from '../../emulator/postgresql/certificates.mts';
import { sharedAdobe } from '../support/adobe.mts';
import { runConnectionNode, thrownBy } from '../support/connectionNode.mts';

// n8n-core has packages of its own, and takes its HTTP client from their container.
const fromCore = createRequire(createRequire(import.meta.url).resolve('n8n-core'));
const { OutboundHttp, SsrfProtectionService } = fromCore('@n8n/backend-network') as Record<
	string,
	new (...given: unknown[]) => object
>;
const { Container } = fromCore('@n8n/di') as {
	Container: { get(type: unknown): object; set(type: unknown, value: object): void };
};

// Adobe could not reach the sample database on this machine, and no platform is reached here.
const CREATE: INodeParameters = {
	operation: 'create',
	name: 'Sales',
	authMode: 'connectionString',
	databaseDetails: 'parameters',
	connectionString: 'Server=db.example.com;Database=sales;Port=5432;UID=aep;Password=Correct1',
	options: { timeout: 20 },
};
const LOCAL = '127.0.0.1';

async function listening<S extends Server>(server: S): Promise<number> {
	await new Promise<void>((resolve) => server.listen(0, LOCAL, resolve));
	return (server.address() as AddressInfo).port;
}

/** A proxy that refuses every tunnel with this status. */
const refusing = (status: number) =>
	createTcpServer((socket) => {
		socket.on('error', () => {});
		socket.once('data', () => {
			socket.end(
				`HTTP/1.1 ${status} No\r\nServer: squid/6.6\r\nContent-Type: text/html\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>`,
			);
		});
	});

describe('What stands between n8n and Adobe', () => {
	const adobe = sharedAdobe();
	const create = async (emulator: Emulator, ims = {}) =>
		await thrownBy(async () => await runConnectionNode(emulator, CREATE, { ims }));

	describe('a proxy', () => {
		const before = process.env.HTTPS_PROXY;
		afterEach(() => {
			if (before === undefined) delete process.env.HTTPS_PROXY;
			else process.env.HTTPS_PROXY = before;
		});

		it.each([407, 403, 503])('that answers CONNECT with %i is named', async (status) => {
			const proxy = refusing(status);
			process.env.HTTPS_PROXY = `http://${LOCAL}:${await listening(proxy)}`;
			try {
				for (const [field, what] of [
					['imsUrl', 'the sign-in'],
					['platformUrl', '"Create a connection"'],
				] as const) {
					const thrown = await create(adobe, { [field]: 'https://adobe.example' });
					// What came of a write that was answered with 503 is not known, whoever has answered.
					const whole = `${thrown.message} ${thrown.description}`;
					expect(whole).toMatch(/(The|A) proxy (in front of n8n|between n8n and Adobe)/);
					expect(whole).toContain(`(status ${status}) does not let ${what} through`);
					expect(thrown.description).toContain('The credential is not the cause.');
				}
			} finally {
				proxy.close();
			}
			expect(adobe.connections()).toHaveLength(0);
		});
	});

	it.each([
		['localhost', 'NODE_EXTRA_CA_CERTS'],
		[LOCAL, 'NODE_EXTRA_CA_CERTS'],
	])('a certificate of an unknown authority for %s is not trusted', async (host, advice) => {
		const { certificatePem, privateKeyPem } = await makeServerCertificate();
		const server = createTlsServer({ cert: certificatePem, key: privateKeyPem });
		const url = `https://${host}:${await listening(server)}`;
		try {
			for (const [field, whose] of [
				['imsUrl', 'Adobe IMS (sign-in)'],
				['platformUrl', 'Adobe Experience Platform'],
			] as const) {
				const thrown = await create(adobe, { [field]: url });
				expect(thrown.message).toContain(`n8n does not trust the certificate of ${whose}`);
				expect(thrown.description).toContain(advice);
			}
		} finally {
			server.close();
		}
	});

	it("n8n's own protection is told by its reason, and nothing was sent", async () => {
		const logger = { scoped: () => logger, warn: () => {}, debug: () => {}, info: () => {} };
		const httpBlocking = (blockedHostnames: string[], blockedIpRanges: string[]) => {
			const config = {
				enabled: true,
				blockedIpRanges,
				allowedIpRanges: [],
				blockedHostnames,
				allowedHostnames: [],
			};
			const resolver = { lookup: async () => [{ address: LOCAL, family: 4 }] };
			const service = new SsrfProtectionService!(config, resolver, logger);
			return new OutboundHttp!(service, config, logger);
		};
		const before = Container.get(OutboundHttp);
		try {
			for (const [hosts, ranges, message] of [
				[[], ['127.0.0.0/8'], 'n8n does not let the sign-in out to Adobe IMS'],
				[['localhost'], [], 'n8n does not let "Create a connection" out to Adobe'],
			] as const) {
				Container.set(OutboundHttp, httpBlocking([...hosts], [...ranges]));
				const platformUrl = adobe.platformUrl.replace(LOCAL, 'localhost');
				// One that has not signed in yet.
				const { clientId, clientSecret, orgId } = adobe.addClient({});
				const ims = { platformUrl, clientId, clientSecret, orgId };
				const thrown = await create(adobe, ims);
				expect(thrown.message).toContain(message);
				expect(thrown.description).toContain('Nothing was sent. n8n says: The request was blocked');
				expect(adobe.connections()).toHaveLength(0);
			}
		} finally {
			Container.set(OutboundHttp, before);
		}
	});

	it("n8n's words about an expression are kept, with the parameter", async () => {
		const thrown = await thrownBy(
			async () =>
				await runConnectionNode(adobe, {
					operation: 'create',
					name: "={{ $('Next').item.json.a }}",
				}),
		);
		expect(thrown.message).toMatch(/^The expression of 'Name' can't be worked out: .+ \[item 0\]$/);
		expect(thrown.message).toContain('No path back to referenced node');
		expect(thrown.context).toMatchObject({ parameter: 'name', nodeCause: 'Next', itemIndex: 0 });
	});
});
