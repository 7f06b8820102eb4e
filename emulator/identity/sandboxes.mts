import { randomUUID } from 'node:crypto';

/** A sandbox as Sandbox management lists it: flow-service.md 2.3. */
export interface Sandbox {
	id: string;
	name: string;
	title: string;
	type: 'production' | 'development';
	isDefault: boolean;
}

/** The sandboxes that every organization has here. */
export function makeSandboxes(): Sandbox[] {
	return [
		{ id: randomUUID(), name: 'prod', title: 'Production', type: 'production', isDefault: true },
		{ id: randomUUID(), name: 'dev', title: 'Development', type: 'development', isDefault: false },
	];
}
