import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../../operation/operation';
import { optionsCollection, readOptions } from '../../operation/commonParameters';
import { asIs } from '../../platform/errors/problem';
import { tlsOptions } from './databaseDetails';
import { newConnectionParameters, newNameParameter, readNewConnection } from './parameters';
import { settleUpserts } from './upsert/concurrentUpserts';
import type { WantedConnection } from './upsert/upsertItem';
import { UpsertItem } from './upsert/upsertItem';
import { UpsertRun } from './upsert/upsertRun';
import { verifyParameter } from './verify';

const replaceDetailsOption: INodeProperties = {
	displayName: 'Replace Database Details',
	name: 'replaceDatabaseDetails',
	type: 'boolean',
	default: true,
	description:
		'Whether to send all database details even if no difference is visible. Adobe shows no passwords and no connection strings; without this option, a new one is noticed only if this workflow sent the previous one.',
};

const verifyUnchangedOption: INodeProperties = {
	displayName: 'Verify Unchanged',
	name: 'verifyUnchanged',
	type: 'boolean',
	default: false,
	description:
		'Whether to have Adobe test the login of connections that needed no change as well. One that fails gets the database details again. Costs one request per connection.',
};

export const upsert: Operation<UpsertRun> = {
	value: 'upsert',
	name: 'Create or Update',
	action: 'Create or update a connection',
	description: 'Create a new connection, or update the current one if it already exists (upsert)',
	subject: newNameParameter,
	parameters: [
		...newConnectionParameters,
		optionsCollection([...tlsOptions, replaceDetailsOption, verifyUnchangedOption]),
	],
	looksAhead: true,
	begin: () => new UpsertRun(),
	async prepare(call) {
		const { connection, cloud } = await readNewConnection(call);
		const options = readOptions(call.parameters);
		const wanted: WantedConnection = {
			connection,
			cloud,
			verify: call.parameters.boolean(verifyParameter),
			verifyUnchanged: options.boolean(verifyUnchangedOption) ?? false,
			replaceDetails: options.boolean(replaceDetailsOption) ?? false,
		};
		const run = call.state;
		run.index.expect(call.scope, connection.name);
		return async () =>
			await run.byName.run(`${call.scope}\n${connection.name}`, async () => {
				try {
					return await new UpsertItem(call, run, wanted).upsert();
				} catch (error) {
					run.index.forget(call.scope, connection.name);
					throw asIs(error);
				}
			});
	},
	complete: settleUpserts,
};
