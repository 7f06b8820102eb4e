const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** HTML that is safe to send: everything that was put into it is escaped. */
export class Html {
	constructor(readonly text: string) {}
}

/** What a template may contain; anything but `Html` is escaped. */
export type Content = Html | string | number | undefined | Content[];

/** A template whose values are escaped, because names and rows come from somebody else's database. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Html {
	return new Html(
		parts.reduce((text, part, index) => `${text}${toText(values[index - 1])}${part}`),
	);
}

function toText(value: Content): string {
	if (value === undefined) return '';
	if (value instanceof Html) return value.text;
	if (Array.isArray(value)) return value.map(toText).join('');
	return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
