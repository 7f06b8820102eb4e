import type { INodeProperties } from 'n8n-workflow';

/** Simplify, as operations have it whose answers have many members. */
export const simplifyParameter: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};
