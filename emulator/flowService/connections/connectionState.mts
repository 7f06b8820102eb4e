import { FlowError } from '../flowErrors.mts';
import type { StoredConnection } from './connection.mts';

/**
 * Whether the connection's state allows a change: flow-service.md 2.6.1, 4.5, 4.7. That a draft
 * may be updated is said in 4.7, that it may be deleted is ⚠UNV.
 *
 * @throws FlowError 1416, 1417, 1457 or 1458
 */
export function checkChangeable({ state }: StoredConnection, action: 'update' | 'delete'): void {
	if (state === 'initializing') {
		throw new FlowError(
			'FLOW-1417-400',
			'Delete or update in the state initializing is not allowed with a user token.',
		);
	}
	if (state === 'delete-finalizing') {
		const code = action === 'update' ? 'FLOW-1457-400' : 'FLOW-1458-400';
		throw new FlowError(code, `The ${action} is not possible in the state delete-finalizing.`);
	}
	if (!['enabled', 'disabled', 'draft'].includes(state)) {
		throw new FlowError(
			'FLOW-1416-400',
			`Delete or update is only allowed in the state enabled, disabled or initializing, not in ${state}.`,
		);
	}
}

/**
 * Whether the connection can be used to connect.
 *
 * @throws FlowError 1422 ⚠UNV flow-service.md 11 (7): an action that the state does not allow
 */
export function checkInitialized({ state }: StoredConnection, action: 'test' | 'explore'): void {
	if (state !== 'initializing') return;
	throw new FlowError(
		'FLOW-1422-400',
		`The action ${action} is not applicable in the state initializing.`,
	);
}
