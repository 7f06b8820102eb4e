import { randomUUID } from 'node:crypto';

import type { INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError, UserError } from 'n8n-workflow';

import { describeFailure, toNodeError } from '../../../nodes/platform/errors/nodeError.ts';
import { explainFault } from '../../../nodes/platform/errors/explain.ts';
import { Problem } from '../../../nodes/platform/errors/problem.ts';
import { CANARY, everythingOf } from '../auth/settings.mts';

const NODE: INode = {
	id: 'node',
	name: 'Adobe',
	type: 'adobePostgreSqlConnection',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
const NO_SECRETS = { secrets: [] };

const refused = (changes: Partial<ConstructorParameters<typeof Problem>[1]> = {}) =>
	new Problem('Adobe refused it', {
		advice: 'Do this.',
		details: {
			status: 403,
			code: 'FLOW-2120-403',
			requestId: 'r',
			operation: 'o',
			sandboxName: 's',
		},
		failure: { cause: 'credential-invalid' },
		...changes,
	});

const TRACE = '(status 403, FLOW-2120-403, request ID r)';

describe("n8n's error", () => {
	it('carries words, item, status, details and failure of a problem', () => {
		const error = toNodeError(NODE, refused(), { itemIndex: 4, secrets: [] }) as NodeApiError;
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe('Adobe refused it [item 4]');
		expect(error.description).toBe(`Do this. ${TRACE}`);
		expect(error.httpCode).toBe('403');
		expect(error.context.itemIndex).toBe(4);
		expect(error.context.data).toEqual({
			status: 403,
			code: 'FLOW-2120-403',
			requestId: 'r',
			operation: 'o',
			sandboxName: 's',
		});
		expect((error as unknown as { failure: unknown }).failure).toEqual({
			cause: 'credential-invalid',
		});
		expect(error.node.name).toBe('Adobe');
	});

	it.each([
		['a problem without a status', new Problem('a', { advice: 'b' })],
		['a check of the input', new UserError('a', { description: 'b' })],
	])('is an operation error for %s', (_case, error) => {
		const made = toNodeError(NODE, error, { itemIndex: 0, secrets: [] }) as NodeOperationError;
		expect(made).toBeInstanceOf(NodeOperationError);
		expect(made.message).toBe('a [item 0]');
		expect(made.description).toBe('b');
		expect(made.context.itemIndex).toBe(0);
	});

	it('names no item where there are none', () => {
		expect(toNodeError(NODE, refused(), NO_SECRETS).message).toBe('Adobe refused it');
	});

	it('is a fresh one without a cause, even for an error of n8n', () => {
		const cause = Object.assign(new Error('request'), {
			config: { headers: { Authorization: CANARY } },
		});
		const given = new NodeApiError(NODE, { message: 'raw', cause: cause as never } as never, {
			message: 'raw',
			description: 'd',
		});
		const made = toNodeError(NODE, given, { itemIndex: 1, secrets: [] });
		expect(made).not.toBe(given);
		expect(JSON.stringify(made.cause)).not.toContain(CANARY);
		expect(made.cause).not.toBe(given.cause);
		expect(made.message).toBe('raw [item 1]');
		expect(everythingOf(made)).not.toContain(CANARY);
	});

	it.each([
		'ECONNREFUSED',
		'ECONNRESET',
		'ECONNABORTED',
		'ENOTFOUND',
		'ETIMEDOUT',
		'EAI_AGAIN',
		'EHOSTUNREACH',
		'BODY_CUT_OFF',
		'NO_ANSWER',
	])('keeps our words about a network fault (%s), and its code', (code) => {
		const request = {
			method: 'POST',
			path: [],
			operation: 'Create a connection',
			permission: 'Manage Sources',
		} as const;
		const problem = explainFault(request, code, false).retitled('It is not clear');
		const error = toNodeError(NODE, problem, { itemIndex: 2, secrets: [] }) as NodeApiError;
		expect(error.message).toBe('It is not clear [item 2]');
		expect(error.description).toContain(`(${code})`);
		expect(error.httpCode).toBe(code);
		expect(error.context.data).toMatchObject({ code });
	});

	it.each([400, 401, 403, 404, 429, 500, 502, 503, 504])(
		'keeps our words for status %i',
		(status) => {
			const error = toNodeError(NODE, refused({ details: { status } }), NO_SECRETS) as NodeApiError;
			expect(error.message).toBe('Adobe refused it');
			expect(error.description).toBe(`Do this. (status ${status})`);
			expect(error.httpCode).toBe(String(status));
		},
	);

	it.each([
		['nothing', undefined],
		['null', null],
		['a text', 'boom'],
		['a number', 7],
		['a list', [new Error('boom')]],
		['an empty object', {}],
		['an error without a message', new Error('')],
		['a message that is an object', { message: { text: 'x' } }],
	])('is made of %s that was thrown', (_case, thrown) => {
		const error = toNodeError(NODE, thrown, { itemIndex: 0, secrets: [] });
		expect(error.message).toBe('The operation ended for an unknown reason [item 0]');
	});
});

describe('secrets in an error', () => {
	const sentence = (where: string) => `${where} ${CANARY} ${encodeURIComponent(`${CANARY}ü`)} end`;
	it.each([
		['a problem', new Problem(sentence('m'), { advice: sentence('d'), details: { status: 400 } })],
		['a check of the input', new UserError(sentence('m'), { description: sentence('d') })],
		['any other error', Object.assign(new Error(sentence('m')), { config: { auth: CANARY } })],
		['an object', { message: sentence('m'), description: sentence('d'), body: CANARY }],
	])('are taken out of %s', (_case, thrown) => {
		const options = { itemIndex: 0, secrets: [CANARY, `${CANARY}ü`] };
		const error = toNodeError(NODE, thrown, options);
		expect(everythingOf(error)).not.toContain(CANARY);
		expect(error.message).toMatch(/^m \*\*\*.* end \[item 0\]$/);
		expect(JSON.stringify(describeFailure(thrown, options.secrets))).not.toContain(CANARY);
	});

	it('are taken out of what Adobe gave as a code or a request ID', () => {
		const problem = refused({
			details: { status: 400, code: `bad value ${CANARY}`, requestId: CANARY, operation: 'o' },
		});
		const error = toNodeError(NODE, problem, { secrets: [CANARY] }) as NodeApiError;
		expect(everythingOf(error)).not.toContain(CANARY);
		expect(error.context.data).toMatchObject({
			status: 400,
			code: 'bad value ***',
			operation: 'o',
		});
		expect(JSON.stringify(describeFailure(problem, [CANARY]))).not.toContain(CANARY);
	});
});

describe('what was done before an error', () => {
	const done = (count: number) =>
		Array.from({ length: count }, (_item, index) => `item ${index}: created ${randomUUID()}`);
	const descriptionOf = (alreadyDone?: string[]) =>
		(toNodeError(NODE, refused(), { secrets: [], alreadyDone }) as NodeApiError).description;

	it('is not mentioned when there is nothing', () => {
		expect(descriptionOf()).toBe(`Do this. ${TRACE}`);
		expect(descriptionOf([])).toBe(`Do this. ${TRACE}`);
	});

	it.each([1, 2, 19, 20])('is listed in full up to twenty (%i)', (count) => {
		const list = done(count);
		expect(descriptionOf(list)).toBe(
			`Do this. Done before, and not on the output: ${list.join('; ')}. ${TRACE}`,
		);
	});

	it.each([
		[21, 1],
		[1_000, 980],
	])('is cut at twenty and counted behind (%i)', (count, more) => {
		const list = done(count);
		expect(descriptionOf(list)).toBe(
			`Do this. Done before, and not on the output: ${list.slice(0, 20).join('; ')}; and ${more} more. ${TRACE}`,
		);
	});
});

describe('secrets in an error', () => {
	const ID = '1779c738-0000-4000-8a38-24d4ba94ab5b';

	it.each<[string, string, string]>([
		['0000', `The connection ${ID} is kept.`, 'no 0000 here'],
		['kept', `The connection ${ID} is kept.`, 'it was Kept'],
	])('leave our words and IDs alone, and not Adobe’s (%s)', (secret, note, adobeMessage) => {
		const problem = refused({ notes: [note], adobeMessage });
		const { description } = describeFailure(problem, [secret]);
		expect(description).toContain(note);
		expect(description).toMatch(/Adobe says: (?:no|it was) \*\*\*/);
	});

	it('are masked where our words quote a value, and where they are no common word', () => {
		const problem = new Problem("The table '0000' of s3cret-Pa55 was not found", {});
		expect(describeFailure(problem, ['0000', 'S3CRET-pa55']).message).toBe(
			"The table '***' of *** was not found",
		);
	});

	it('are masked all over in words that are not ours', () => {
		expect(describeFailure(new Error('got 0000'), ['0000']).message).toBe('got ***');
	});

	it('are masked before the words are cut', () => {
		const adobeMessage = `${'x'.repeat(1_970)} hunter-2222-hunter`;
		const { description } = describeFailure(refused({ adobeMessage }), ['hunter-2222-hunter']);
		expect(description).not.toContain('hunt');
	});
});
