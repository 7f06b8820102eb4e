import { type ApiRequest, pathId, type RouteTable } from '../../http/routes.mts';
import type { EmulatorState } from '../../state.mts';
import { admit } from '../access.mts';
import { DATA_LAKE_CONNECTION_SPEC } from '../flowEnds/dataLakeSpec.mts';
import { FlowError, notFound } from '../flowErrors.mts';
import { specRoutes } from '../specs.mts';
import { type ConnectionSpec, postgreSqlSpec } from './postgreSqlSpec.mts';

const SPECS = { azure: [postgreSqlSpec('azure')], aws: [postgreSqlSpec('aws')] };

/** The connection specs that base connections can be of on the organization's cloud: PostgreSQL's. */
export function connectionSpecsOf({ settings }: EmulatorState): ConnectionSpec[] {
	return SPECS[settings.cloud];
}

const allSpecsOf = (state: EmulatorState) => [
	...connectionSpecsOf(state),
	DATA_LAKE_CONNECTION_SPEC,
];

/** `/connectionSpecs`: flow-service.md 3.5. */
export const CONNECTION_SPEC_ROUTES: RouteTable = {
	...specRoutes({
		name: 'connectionSpecs',
		specsOf: allSpecsOf,
		isField: (path) =>
			['id', 'name', 'providerId'].includes(path) || path.startsWith('attributes.'),
		// flow-service.md 2.7: the document shows a single `=` for attributes, "probably a typo": both
		// are accepted.
		readFilter: (filter) => filter.replace(/^(attributes\.[^=<>!~]*)=(?!=)/, '$1=='),
	}),
	'POST /connectionSpecs': refuseToWrite,
	'PUT /connectionSpecs/:id': refuseToWrite,
	'GET /connectionSpecs/:id/explore': refuseToExplore,
	'GET /connectionSpecs/:id/configs': refuseToExplore,
};

/** For authors of self-serve sources. @throws FlowError 1426 */
function refuseToWrite(state: EmulatorState, request: ApiRequest): never {
	admit(state, request, 'manage');
	throw new FlowError('FLOW-1426-400', 'A user token may not write connection specs.');
}

/** Only landing zones can be explored without a connection. @throws FlowError 1372, 1439 */
function refuseToExplore(state: EmulatorState, request: ApiRequest): never {
	admit(state, request, 'view');
	const id = pathId(request);
	if (!allSpecsOf(state).some((one) => one.id === id)) throw notFound('connectionSpecs', id);
	throw new FlowError('CONNECTOR-1372-400', `The connection spec ${id} cannot be explored.`);
}
