const MAKER = ['createdBy', 'createdClient', 'updatedBy', 'updatedClient'];

/** The same answer without who created and changed something, at any depth. */
export function hideMaker(answer: unknown): unknown {
	if (Array.isArray(answer)) return answer.map(hideMaker);
	if (typeof answer !== 'object' || answer === null) return answer;
	return Object.fromEntries(
		Object.entries(answer).flatMap(([name, value]) =>
			MAKER.includes(name) ? [] : [[name, hideMaker(value)]],
		),
	);
}
