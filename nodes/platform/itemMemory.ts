/**
 * What an item has found out or begun at Adobe, for the case that n8n tries it again. It ends with the
 * execution.
 */
export interface ItemMemory {
	recall<T>(key: string): T | undefined;
	keep(key: string, value: unknown): void;
}
