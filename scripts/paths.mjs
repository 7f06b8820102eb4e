import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout; every script runs from here, wherever it was called from. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
