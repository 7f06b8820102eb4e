export interface ProcessState {
	/** Runs something whose own changes are to last. */
	keepChangesOf<T>(run: () => T): T;
	/** Puts back what has changed since. */
	restore(): void;
}

/** Reads the state of the process now. */
export function rememberProcess(): ProcessState;
