import type { INodeParameters } from 'n8n-workflow';

import type { Emulator } from '../../emulator/emulator.mts';
import { sharedAdobe } from '../support/adobe.mts';
import { requestsBy } from '../support/connectionNode.mts';

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Parameters of Create, with a connection string that goes to Adobe as it is; the connection's name is
 * given. Only tests of the verification have Adobe log in.
 */
export const create = (parameters: INodeParameters = {}): INodeParameters => ({
	operation: 'create',
	verify: false,
	authMode: 'connectionString',
	name: 'Sales database',
	...parameters,
});

/** Database details by parameters, of a database that is not there. */
export const byParameters = {
	databaseDetails: 'parameters',
	authMode: 'basic',
	server: 'db.example.com',
	port: 5432,
	database: 'sales',
	username: 'aep',
	password: 'pass-word-1',
	sslMode: 'Prefer',
};

/** The body of the first POST that the emulator got; null without one. */
export const sentBody = (emulator: Emulator): unknown =>
	JSON.parse(requestsBy(emulator, 'POST')[0]?.body ?? 'null') as unknown;

/** An emulator of each cloud for all tests of the block that calls this, empty before each of them. */
export function bothClouds(): { azure: Emulator; aws: Emulator } {
	const azure = sharedAdobe();
	const aws = sharedAdobe({ cloud: 'aws', initializingPolls: 1 });
	beforeEach(() => {
		azure.reset();
		aws.reset();
	});
	return { azure, aws };
}
