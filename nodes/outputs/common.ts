import type { IDataObject } from 'n8n-workflow';

/** Members of an output in their order; undefined for what has no value, which is left out. */
export type Members = Record<string, IDataObject[string] | undefined>;

/** An output of these members. Null stays: it means something, e.g. "not known". */
export function output(members: Members): IDataObject {
	const present = Object.entries(members).filter(([, value]) => value !== undefined);
	return Object.fromEntries(present) as IDataObject;
}

/** Gives an output other members, in their order, where others hold the object already. */
export function rewrite(json: IDataObject, members: Members): void {
	for (const name of Object.keys(json)) delete json[name];
	Object.assign(json, output(members));
}
