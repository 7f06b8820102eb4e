import { Transform } from 'node:stream';
import { spec as Spec } from 'node:test/reporters';

/**
 * Reporter for node:test: Node.js's own readable report, and behind it, as the last line,
 * `N passed, N failed`. Suites are not counted, only the tests in them.
 */
export default class TotalsReporter extends Transform {
	#passed = 0;
	#failed = 0;
	#spec = new Spec();

	constructor() {
		super({ writableObjectMode: true });
		this.#spec.on('data', (text) => this.push(text));
	}

	_transform(event, _encoding, done) {
		const isTest = event.data?.details?.type !== 'suite' && !event.data?.skip && !event.data?.todo;
		if (event.type === 'test:pass' && isTest) this.#passed++;
		// A suite that fails by itself, in its set-up, counts as one failure; one that fails because
		// of its tests does not count again.
		if (event.type === 'test:fail') {
			const isOwn = event.data.details?.error?.failureType !== 'subtestsFailed';
			if (isOwn) this.#failed++;
		}
		this.#spec.write(event);
		done();
	}

	_flush(done) {
		this.#spec.once('end', () => {
			this.push(`\n${this.#passed} passed, ${this.#failed} failed\n`);
			done();
		});
		this.#spec.end();
	}
}
