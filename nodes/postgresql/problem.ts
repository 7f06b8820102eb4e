/**
 * Something wrong with what a user typed. Neither text ever holds a value the user typed, because
 * any value may turn out to be the password (pasted into the wrong field, cut off at a semicolon).
 */
export interface Problem {
	/** What is wrong, one sentence. */
	message: string;
	/** What to do about it. */
	hint: string;
}
