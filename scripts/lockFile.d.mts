/** Runs `body` while no other process on this machine runs one for the same `subject`. */
export function exclusively<T>(
	subject: string,
	onWait: () => void,
	body: () => Promise<T>,
): Promise<T>;
