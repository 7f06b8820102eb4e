/**
 * Loads the page again and replaces what has changed. What the reader has done stays: the scroll
 * position, closed tables, the focus, and a selection, during which nothing is replaced.
 */
export const LIVE_SCRIPT = `(() => {
	const EVERY_MS = 1000;
	const live = document.getElementById('live');
	const say = (text, isLost) => {
		if (live.textContent !== text) live.textContent = text;
		live.classList.toggle('lost', isLost);
	};
	const withId = (root, attribute) =>
		new Map([...root.querySelectorAll('[' + attribute + ']')].map((one) => [one.getAttribute(attribute), one]));
	// The clock alone is no reason to replace anything.
	const textOf = (main) => {
		const copy = main.cloneNode(true);
		copy.querySelector('.clock')?.remove();
		return copy.innerHTML;
	};
	let shown = textOf(document.querySelector('main'));

	function replace(next) {
		const before = document.querySelector('main');
		const clock = next.querySelector('.clock');
		const text = textOf(next);
		if (text === shown) {
			before.querySelector('.clock')?.replaceWith(clock);
			return;
		}
		const selection = getSelection();
		if (selection && !selection.isCollapsed && before.contains(selection.anchorNode)) return;
		shown = text;
		const places = withId(before, 'data-id');
		const keys = withId(before, 'data-key');
		const focused = document.activeElement?.closest('details')?.dataset.id;
		const { scrollX, scrollY } = window;
		before.replaceWith(next);
		for (const [id, one] of withId(next, 'data-id')) {
			const old = places.get(id);
			if (!old) continue;
			if (one.tagName === 'DETAILS') one.open = old.open;
			one.scrollLeft = old.scrollLeft;
			if (id === focused) one.querySelector('summary')?.focus({ preventScroll: true });
		}
		for (const [key, one] of withId(next, 'data-key')) if (!keys.has(key)) one.classList.add('new');
		scrollTo(scrollX, scrollY);
	}

	async function look() {
		try {
			if (!document.hidden) {
				const answer = await fetch('/', { cache: 'no-store' });
				if (!answer.ok) throw new Error(String(answer.status));
				const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
				replace(document.adoptNode(next.querySelector('main')));
				say('Updates by itself', false);
			}
		} catch {
			say('The emulator does not answer. This is what it held last.', true);
		}
		setTimeout(look, EVERY_MS);
	}
	setTimeout(look, EVERY_MS);
})();
`;
