/** One setting out of pasted details, in the words of the form that they are in. */
export interface Entry {
	key: string;
	value: string;
	/** As it stands in the text, quotes and braces included. */
	written: string;
	/** Counted from 1, for messages about keys that nobody knows. */
	position: number;
}
