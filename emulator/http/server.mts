import fastify, { type FastifyInstance } from 'fastify';
import { DATA_SET_ROUTES } from '../catalog/dataSets.mts';
import { DATA_ACCESS_ROUTES } from '../dataAccess/dataAccess.mts';
import { LANGUAGE_ROUTES } from '../dataPrep/languages.mts';
import { MAPPING_SET_ROUTES } from '../dataPrep/mappingSets.mts';
import { CONNECTION_ROUTES } from '../flowService/connections/connections.mts';
import { CONNECTION_SPEC_ROUTES } from '../flowService/connections/connectionSpecs.mts';
import { SOURCE_CONNECTION_ROUTES } from '../flowService/flowEnds/sourceConnections.mts';
import { TARGET_CONNECTION_ROUTES } from '../flowService/flowEnds/targetConnections.mts';
import { FLOW_ROUTES } from '../flowService/flows/flows.mts';
import { FLOW_SPEC_ROUTES } from '../flowService/flows/flowSpecs.mts';
import { RUN_ROUTES } from '../flowService/runs/runs.mts';
import { typedAsInOpenApi } from '../flowService/weather/answerTypes.mts';
import { everyOtherReversed } from '../flowService/weather/listOrder.mts';
import { hideMaker } from '../flowService/weather/showMaker.mts';
import { showTimes } from '../flowService/weather/showTimes.mts';
import { IMS_ROUTES } from '../identity/ims.mts';
import { SANDBOX_ROUTES } from '../identity/sandboxManagement.mts';
import { CHALLENGE_ROUTES } from '../ioEvents/challenge.mts';
import { SAMPLE_ROUTES } from '../ioEvents/delivery.mts';
import { JOURNAL_ROUTES } from '../ioEvents/journal.mts';
import { KEY_ROUTES } from '../ioEvents/keys.mts';
import { PROVIDER_ROUTES } from '../ioEvents/providers.mts';
import { REGISTRATION_ROUTES } from '../ioEvents/registrations.mts';
import { PAGE_ROUTES } from '../page/page.mts';
import { NAMESPACE_ROUTES } from '../identityService/namespaces.mts';
import { DESCRIPTOR_ROUTES } from '../schemaRegistry/descriptors.mts';
import { SCHEMA_REGISTRY_ROUTES } from '../schemaRegistry/schemaRegistry.mts';
import type { EmulatorState } from '../state.mts';
import { CONTROL_ROUTES } from './controlPlane.mts';
import { passGateway } from './gateway.mts';
import { addRoutes } from './routes.mts';
import { installTraffic } from './traffic.mts';
import { gatewayError, WireError } from './wireError.mts';

/** Flow Service's resources; another one is another line here. */
const FLOW_SERVICE = [
	CONNECTION_SPEC_ROUTES,
	CONNECTION_ROUTES,
	SOURCE_CONNECTION_ROUTES,
	TARGET_CONNECTION_ROUTES,
	FLOW_SPEC_ROUTES,
	FLOW_ROUTES,
	RUN_ROUTES,
];

/** The services beside Flow Service. */
const NEIGHBOURS = [
	SANDBOX_ROUTES,
	SCHEMA_REGISTRY_ROUTES,
	DESCRIPTOR_ROUTES,
	NAMESPACE_ROUTES,
	DATA_SET_ROUTES,
	DATA_ACCESS_ROUTES,
	MAPPING_SET_ROUTES,
	LANGUAGE_ROUTES,
];

/** Adobe I/O Events: at Adobe on hosts of their own, with a gateway of their own. */
const IO_EVENTS = [
	PROVIDER_ROUTES,
	REGISTRATION_ROUTES,
	SAMPLE_ROUTES,
	JOURNAL_ROUTES,
	CHALLENGE_ROUTES,
	KEY_ROUTES,
];

type Plugin = (app: FastifyInstance) => Promise<void>;

/**
 * A plugin with a name of its own. For one without, Fastify compares every loaded module with it, three
 * times; with all of n8n loaded that takes longer than everything else that a server needs.
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
		routerOptions: { ignoreTrailingSlash: true, maxParamLength: 4_000 },
	});
	installTraffic(app, state);
	addRoutes(app, state, CONTROL_ROUTES);
	addRoutes(app, state, PAGE_ROUTES);
	addRoutes(app, state, IMS_ROUTES);
	for (const table of IO_EVENTS) addRoutes(app, state, table);
	const flowServicePlugin: Plugin = async (flowService) => {
		const { timesInGet, unorderedLists, showsMaker } = state.settings;
		if (unorderedLists) flowService.addHook('preSerialization', everyOtherReversed());
		if (timesInGet !== 'numbers') {
			flowService.addHook('preSerialization', async (_request, _reply, answer: unknown) =>
				showTimes(answer, timesInGet),
			);
		}
		if (!showsMaker) {
			flowService.addHook('preSerialization', async (_request, _reply, answer: unknown) =>
				hideMaker(answer),
			);
		}
		for (const table of FLOW_SERVICE) addRoutes(flowService, state, table);
	};
	const platformPlugin: Plugin = async (platform) => {
		platform.addHook('preHandler', async (request) => passGateway(state, request));
		if (state.settings.answerTypes === 'openapi') {
			platform.addHook('preSerialization', typedAsInOpenApi());
		}
		for (const table of NEIGHBOURS) addRoutes(platform, state, table);
		platform.register(named('flowService', flowServicePlugin), {
			prefix: '/data/foundation/flowservice',
		});
		// The message for a path that no service has is not known ⚠UNV.
		platform.all('/data/*', async () => {
			throw gatewayError(404, '404000', 'Resource not found');
		});
	};
	app.register(named('platform', platformPlugin));
	app.all('/*', async () => {
		throw new WireError(404, { error: 'not_found' });
	});
	return app;
}
