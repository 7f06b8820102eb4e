import fastify, { type FastifyInstance } from 'fastify';
import { dataSetRoutes } from '../catalog/dataSets.mts';
import { controlRoutes } from './controlPlane.mts';
import { mappingSetRoutes } from '../dataPrep/mappingSets.mts';
import { connectionRoutes } from '../flowService/connections/connections.mts';
import { connectionSpecRoutes } from '../flowService/connections/connectionSpecs.mts';
import { exploreRoutes } from '../flowService/connections/explore.mts';
import { flowRoutes } from '../flowService/flows/flows.mts';
import { flowSpecRoutes } from '../flowService/flows/flowSpecs.mts';
import { runRoutes } from '../flowService/runs/runs.mts';
import { everyOtherReversed } from '../flowService/weather/listOrder.mts';
import { showTimes } from '../flowService/weather/showTimes.mts';
import { sourceConnectionRoutes } from '../flowService/flowEnds/sourceConnections.mts';
import { targetConnectionRoutes } from '../flowService/flowEnds/targetConnections.mts';
import { passGateway } from './gateway.mts';
import { imsRoutes } from '../identity/ims.mts';
import { sandboxManagementRoutes } from '../identity/sandboxManagement.mts';
import { schemaRegistryRoutes } from '../schemaRegistry/schemaRegistry.mts';
import type { EmulatorState } from '../state.mts';
import { installTraffic } from './traffic.mts';
import { gatewayError, WireError } from './wireError.mts';

/** Flow Service's resources; a further one is a further line here. */
const FLOW_SERVICE = [
	connectionSpecRoutes,
	connectionRoutes,
	exploreRoutes,
	sourceConnectionRoutes,
	targetConnectionRoutes,
	flowSpecRoutes,
	flowRoutes,
	runRoutes,
];

/** The services that stand next to it. */
const NEIGHBOURS = [sandboxManagementRoutes, schemaRegistryRoutes, dataSetRoutes, mappingSetRoutes];

/** Builds the HTTP server; it does not listen yet, and it logs nothing. */
export function buildServer(state: EmulatorState): FastifyInstance {
	const app = fastify({
		logger: false,
		forceCloseConnections: true,
		exposeHeadRoutes: false,
		// flow-service.md 4.1: some documents write a slash at the end.
		routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
	});
	installTraffic(app, state);
	app.register(controlRoutes(state));
	app.register(imsRoutes(state));
	app.register(async (platform) => {
		platform.addHook('preHandler', async (request) => passGateway(state, request));
		for (const routes of NEIGHBOURS) platform.register(routes(state));
		platform.register(
			async (flowService) => {
				const { timesInGet, unorderedLists } = state.settings;
				if (unorderedLists) flowService.addHook('preSerialization', everyOtherReversed());
				if (timesInGet !== 'numbers') {
					flowService.addHook('preSerialization', async (_request, _reply, answer: unknown) =>
						showTimes(answer, timesInGet),
					);
				}
				for (const routes of FLOW_SERVICE) flowService.register(routes(state));
			},
			{ prefix: '/data/foundation/flowservice' },
		);
		// The words for a path that no service has are not known ⚠UNV.
		platform.all('/data/*', async () => {
			throw gatewayError(404, '404000', 'Resource not found');
		});
	});
	app.all('/*', async () => {
		throw new WireError(404, { error: 'not_found' });
	});
	return app;
}
