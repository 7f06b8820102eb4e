import { readFileSync } from 'node:fs';

import { messagesIn } from './messages.mts';

const PAGES = ['', '-connection', '-dataflow'].map((name) => `docs/troubleshooting${name}.md`);

/** What is bold at the beginning of the pages' entries, without what Markdown needs. */
const PAGE = PAGES.flatMap((page) => [
	...readFileSync(page, 'utf8').matchAll(/^- \*\*(.+)\*\*\n {2}\S/gm),
]).map(([, message = '']) => message.replace(/\\([_*|<>[\]])/g, '$1'));

describe('Troubleshooting by message', () => {
	const messages = messagesIn('.');

	it('reads the messages out of the source', () => {
		// Of each kind one: an error's, a template, a member, a rule of the credential's test.
		expect(messages.map(({ text }) => text)).toEqual(
			expect.arrayContaining([
				"'Name' contains half an emoji",
				"'…' is empty",
				'The server is a URL.',
				"Adobe does not accept the access token: check 'Client ID', 'Scopes' and 'Environment'",
			]),
		);
	});

	it('has every message that the nodes can produce', () => {
		const missing = messages.filter(({ text }) => !PAGE.includes(text));
		expect(missing.map(({ text, file }) => `${file}: ${text}`)).toStrictEqual([]);
	});

	it('has no message that the nodes can’t produce, and none twice', () => {
		const known = new Set(messages.map(({ text }) => text));
		expect(PAGE.filter((cell) => !known.has(cell))).toStrictEqual([]);
		expect(PAGE).toHaveLength(new Set(PAGE).size);
	});
});
