/** IDs in a filter by ID alone: a hundred UUIDs just fit {@link MAX_FILTER_LENGTH}. */
export const MAX_IDS_PER_REQUEST = 100;

/** IDs in a filter that has others beside it. */
export const MAX_IDS_PER_FILTER = 50;

export const MAX_NAMES_PER_FILTER = 50;

/** Encoded characters: with all the rest, an address stays below four kilobytes. */
export const MAX_FILTER_LENGTH = 3_700;
