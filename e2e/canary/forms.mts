/** One way to write a secret down. */
export interface Form {
	name: string;
	text: string;
}

/** How often JSON may stand inside JSON: an item in n8n's stored execution, quoted by an error in it. */
const JSON_LEVELS = 3;

/**
 * A secret as it may stand in a text: as it is, escaped for JSON or a URL, in base64, in hexadecimal.
 * Those that come out the same are given once.
 */
export function formsOf(secret: string): Form[] {
	const url = encodeURIComponent(secret);
	const forms: Form[] = [
		{ name: 'plain', text: secret },
		...jsonForms(secret),
		{ name: 'URL', text: url },
		{
			name: 'URL in small letters',
			text: url.replace(/%../g, (escape) => escape.toLowerCase()),
		},
		{ name: 'form', text: new URLSearchParams({ '': secret }).toString().slice(1) },
		...base64Forms(secret),
		{ name: 'hexadecimal', text: Buffer.from(secret).toString('hex') },
	];
	const first = new Map<string, Form>();
	for (const form of forms) if (!first.has(form.text)) first.set(form.text, form);
	return [...first.values()];
}

function jsonForms(secret: string): Form[] {
	const forms: Form[] = [];
	let text = secret;
	for (let level = 1; level <= JSON_LEVELS; level++) {
		text = JSON.stringify(text).slice(1, -1);
		forms.push({ name: level === 1 ? 'JSON' : `JSON, ${level} times`, text });
	}
	return forms;
}

/**
 * What base64 makes of a secret depends on how many bytes stand before it, modulo three. Of each of
 * the three only the characters are taken that no neighbour has a part in.
 */
function base64Forms(secret: string): Form[] {
	const bytes = Buffer.from(secret);
	return [0, 1, 2].flatMap((before) => {
		const all = Buffer.concat([Buffer.alloc(before), bytes]);
		const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((all.length * 8) / 6)];
		return (['base64', 'base64url'] as const).map((encoding) => ({
			name: `${encoding} after ${before}`,
			text: all.toString(encoding).slice(from, to),
		}));
	});
}
