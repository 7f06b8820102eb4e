import type { RouteTable } from '../../http/routes.mts';
import type { EmulatorState } from '../../state.mts';
import { specRoutes } from '../specs.mts';
import { type ConnectionSpec, postgreSqlSpec } from './postgreSqlSpec.mts';

const SPECS = { azure: [postgreSqlSpec('azure')], aws: [postgreSqlSpec('aws')] };

/** The connection specs of the organization's cloud: the only one is PostgreSQL's. */
export function connectionSpecsOf({ settings }: EmulatorState): ConnectionSpec[] {
	return SPECS[settings.cloud];
}

/** `/connectionSpecs`: flow-service.md 3.5. */
export const CONNECTION_SPEC_ROUTES: RouteTable = specRoutes({
	name: 'connectionSpecs',
	specsOf: connectionSpecsOf,
	isField: (path) => ['id', 'name', 'providerId'].includes(path) || path.startsWith('attributes.'),
	// flow-service.md 2.7: the document shows a single `=` for attributes, "probably a typo": both
	// are accepted.
	readFilter: (filter) => filter.replace(/^(attributes\.[^=<>!~]*)=(?!=)/, '$1=='),
});
