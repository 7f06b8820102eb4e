/** Tells the user what is going on. */
export type Progress = (text: string) => void;

/** Prints each text to stderr behind the seconds since the start. */
export function timedProgress(): Progress {
	const startedMs = Date.now();
	return (text) => {
		const seconds = ((Date.now() - startedMs) / 1000).toFixed(1).padStart(6);
		process.stderr.write(`[${seconds} s] ${text}\n`);
	};
}
