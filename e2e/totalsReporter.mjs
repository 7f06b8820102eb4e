import { Transform } from 'node:stream';

/**
 * Reporter for node:test, for a file beside the readable report: at the end, how many tests there
 * were, as JSON `{ "passed": 0, "failed": 0 }`. Suites are not counted, only the tests in them.
 */
export default class TotalsReporter extends Transform {
	#passed = 0;
	#failed = 0;

	constructor() {
		super({ writableObjectMode: true });
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
		done();
	}

	_flush(done) {
		this.push(JSON.stringify({ passed: this.#passed, failed: this.#failed }));
		done();
	}
}
