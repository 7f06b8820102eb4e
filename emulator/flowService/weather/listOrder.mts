import type { preSerializationAsyncHookHandler } from 'fastify';

/** Reverses every other list that has no `orderby` and is complete in one page. */
export function everyOtherReversed(): preSerializationAsyncHookHandler<unknown> {
	let lists = 0;
	return async ({ query }, _reply, answer) => {
		const { items, _links: links } = (answer ?? {}) as { items?: unknown; _links?: object };
		const isOrdered = Object.hasOwn(query as object, 'orderby');
		if (!Array.isArray(items) || isOrdered || Object.keys(links ?? {}).length > 0) return answer;
		return lists++ % 2 === 0 ? answer : { ...(answer as object), items: items.toReversed() };
	};
}
