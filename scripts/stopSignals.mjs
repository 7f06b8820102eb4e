import { constants } from 'node:os';

/** Signals that a terminal or a supervisor sends, and that a child has to hear to clean up. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const PARENT_CHECK_INTERVAL_MS = 500;
const parent = process.ppid;

/** Exit codes of a program that one of the signals has ended. */
export const stoppedExitCodes = STOP_SIGNALS.map((signal) => 128 + constants.signals[signal]);

/**
 * Calls `stop` when this process is told to stop, which then does not end it. The end of the parent
 * counts as being told: npm runs a script through a shell, and a shell that is told to go takes
 * nobody along.
 *
 * @param {(signal: NodeJS.Signals) => void} stop may be called more than once
 * @returns {() => void} ends the watch
 */
export function onStop(stop) {
	for (const signal of STOP_SIGNALS) process.on(signal, stop);
	const parentCheck = setInterval(() => {
		if (process.ppid !== parent) stop('SIGTERM');
	}, PARENT_CHECK_INTERVAL_MS);
	return () => {
		clearInterval(parentCheck);
		for (const signal of STOP_SIGNALS) process.off(signal, stop);
	};
}
