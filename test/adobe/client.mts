import type { PlatformAnswer, PlatformRequest } from '../../nodes/platform/request.ts';
import type { ItemClient } from '../../nodes/platform/client.ts';
import { explainAnswer, explainFault } from '../../nodes/platform/errors/explain.ts';
import { wasNeverSent } from '../../nodes/platform/networkFaults.ts';

/** What the platform says to one request: an answer, or the code of a network fault. */
export type Said = Partial<PlatformAnswer> | { fault: string };

export interface FakeClient extends ItemClient {
	requests: PlatformRequest[];
	pauses: number[];
	/** Milliseconds that are left of the item's time; pauses use them up. */
	leftMs: number;
}

/** The door to Adobe, with what comes through it given beforehand; the last one is said for ever. */
export function fakeClient(...said: Said[]): FakeClient {
	const client: FakeClient = {
		sandboxName: 'dev',
		clientId: 'client',
		scope: 'organization dev',
		platformOrigin: 'https://platform.adobe.io',
		eventOrigins: [],
		consoleProject: () => ({ organizationId: '1', projectId: '2', workspaceId: '3' }),
		requests: [],
		pauses: [],
		leftMs: 300_000,
		async request(request) {
			client.requests.push(request);
			const next = said.length > 1 ? said.shift() : said[0];
			if (next === undefined) throw new Error('Nothing is said to this request');
			if ('fault' in next) throw explainFault(request, next.fault, wasNeverSent(next.fault));
			const answer = { status: 200, headers: {}, body: undefined, ...next };
			if (answer.status >= 300) throw explainAnswer(request, answer, 'dev');
			return answer;
		},
		async pause(durationMs) {
			client.pauses.push(durationMs);
			client.leftMs -= durationMs;
		},
		remainingMs: () => Math.max(0, client.leftMs),
		adobeEpochMs: () => undefined,
		fingerprint: (text) => text,
	};
	return client;
}

/** The body of a refusal by Flow Service or one of its connectors. */
export function refusal(code: string, message = 'Adobe has said this') {
	return {
		status: Number(code.slice(-3)),
		body: {
			type: `https://ns.adobe.com/aep/errors/${code}`,
			report: { 'detailed-message': message, 'request-id': 'request-1' },
		},
	};
}

/** What is no JSON object with the members that were promised. */
export const ODD_BODIES: ReadonlyArray<[label: string, body: unknown]> = [
	['nothing', undefined],
	['null', null],
	['an empty text', ''],
	['a page of a proxy', '<html>It works</html>'],
	['a number', 5],
	['true', true],
	['a list', [{ id: '1' }]],
	['an empty object', {}],
	['members of other types', { id: 5, etag: {}, items: 'none', result: 'yes' }],
	['members that are null', { id: null, items: null, result: null }],
	['prototype keys', JSON.parse('{"__proto__":{"id":"1","items":[],"result":true}}')],
];
