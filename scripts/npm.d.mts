/** Runs npm and returns what it printed on stdout; throws with its last lines when it fails. */
export function npm(args: string[], cwd: string): Promise<string>;
