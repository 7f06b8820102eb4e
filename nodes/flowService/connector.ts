import { Problem } from '../platform/problem';

/**
 * Codes of Adobe's connectors, which speak for the database. The prefix is documented for runs
 * only; with Flow Service's own prefix, none but a connector has numbers from 1300 to 1399.
 */
const CONNECTOR_CODE = /^(CONNECTOR-|FLOW-13\d\d-)/;

/** Whether a refusal is about the database, and not about the call. */
export function isSaidByAConnector(error: unknown): error is Problem {
	return error instanceof Problem && CONNECTOR_CODE.test(error.details.code ?? '');
}
