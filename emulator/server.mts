import fastify, { type FastifyInstance } from 'fastify';
import { dataSetRoutes } from './catalog/dataSets.mts';
import { controlRoutes } from './controlPlane.mts';
import { mappingSetRoutes } from './dataPrep/mappingSets.mts';
import { connectionRoutes } from './flowService/connections.mts';
import { connectionSpecRoutes } from './flowService/connectionSpecs.mts';
import { exploreRoutes } from './flowService/explore.mts';
import { flowRoutes } from './flowService/flows.mts';
import { flowSpecRoutes } from './flowService/flowSpecs.mts';
import { runRoutes } from './flowService/runs.mts';
import { everyOtherReversed } from './flowService/listOrder.mts';
import { showTimes } from './flowService/showTimes.mts';
import { sourceConnectionRoutes } from './flowService/sourceConnections.mts';
import { targetConnectionRoutes } from './flowService/targetConnections.mts';
import { passGateway } from './gateway.mts';
import { imsRoutes } from './ims.mts';
import { sandboxManagementRoutes } from './sandboxManagement.mts';
import { schemaRegistryRoutes } from './schemaRegistry/schemaRegistry.mts';
import type { EmulatorState } from './state.mts';
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

type Plugin = (app: FastifyInstance) => Promise<void>;

/**
 * A plugin with a name of its own. For one without, Fastify compares every loaded module with it, three
 * times over; with all of n8n loaded that takes longer than everything else that a server needs.
 */
function named(name: string, plugin: Plugin): Plugin {
	return Object.assign(plugin, { [Symbol.for('fastify.display-name')]: name });
}

/** Builds the HTTP server; it does not listen yet, and it logs nothing. */
export function buildServer(state: EmulatorState): FastifyInstance {
	const app = fastify({
		logger: false,
		forceCloseConnections: true,
		exposeHeadRoutes: false,
		// flow-service.md 4.1: some documents write a slash at the end.
		routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
	});
	const use = (parent: FastifyInstance, routes: (state: EmulatorState) => Plugin) =>
		parent.register(named(routes.name, routes(state)));

	const flowService: Plugin = async (app) => {
		const { timesInGet, unorderedLists } = state.settings;
		if (unorderedLists) app.addHook('preSerialization', everyOtherReversed());
		if (timesInGet !== 'numbers') {
			app.addHook('preSerialization', async (_request, _reply, answer: unknown) =>
				showTimes(answer, timesInGet),
			);
		}
		for (const routes of FLOW_SERVICE) use(app, routes);
	};
	const platform: Plugin = async (app) => {
		app.addHook('preHandler', async (request) => passGateway(state, request));
		for (const routes of NEIGHBOURS) use(app, routes);
		app.register(named('flowService', flowService), { prefix: '/data/foundation/flowservice' });
		// The words for a path that no service has are not known ⚠UNV.
		app.all('/data/*', async () => {
			throw gatewayError(404, '404000', 'Resource not found');
		});
	};

	installTraffic(app, state);
	use(app, controlRoutes);
	use(app, imsRoutes);
	app.register(named('platform', platform));
	app.all('/*', async () => {
		throw new WireError(404, { error: 'not_found' });
	});
	return app;
}
