import type { RouteTable } from '../../http/routes.mts';
import { specRoutes } from '../specs.mts';
import { CRM_TO_AEP } from './crmToAepSpec.mts';

/** `/flowSpecs`: flow-service.md 5.3; in an envelope, as all but one document print it. */
export const FLOW_SPEC_ROUTES: RouteTable = specRoutes({
	name: 'flowSpecs',
	specsOf: () => [CRM_TO_AEP],
	// flow-service.md 2.7
	isField: (path) => ['id', 'name', 'providerId'].includes(path),
});
