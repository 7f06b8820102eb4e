import type { INodeProperties } from 'n8n-workflow';

import type { Operation } from '../../operation/operation';
import { optionsCollection, readOptions } from '../../operation/commonParameters';
import { asIs } from '../../platform/errors/problem';
import { newConnectionParameters, readNewConnection } from './parameters';
import { settleUpserts } from './upsert/concurrentUpserts';
import type { WantedConnection } from './upsert/upsertItem';
import { UpsertItem } from './upsert/upsertItem';
import { UpsertRun } from './upsert/upsertRun';
import { verifyOption } from './verify';

const replaceDetailsOption: INodeProperties = {
	displayName: 'Replace Database Details',
	name: 'replaceDatabaseDetails',
	type: 'boolean',
	default: true,
	description:
		'Whether to give Adobe all database details anew even where no difference shows. Adobe shows no passwords and no connection strings: a new one is noticed when it was sent by this workflow before.',
};

export const upsert: Operation<UpsertRun> = {
	value: 'upsert',
	name: 'Create or Update',
	action: 'Create or update a connection',
	description: 'Create a new connection, or update the current one if it already exists (upsert)',
	parameters: [...newConnectionParameters, optionsCollection([replaceDetailsOption, verifyOption])],
	looksAhead: true,
	begin: () => new UpsertRun(),
	async prepare(call) {
		const { connection, cloud } = await readNewConnection(call);
		const options = readOptions(call.parameters);
		const wanted: WantedConnection = {
			connection,
			cloud,
			verify: options.boolean(verifyOption) ?? false,
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
