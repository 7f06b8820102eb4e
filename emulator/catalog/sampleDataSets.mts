import type { EmulatorState } from '../state.mts';
import { makeDataSet } from './makeDataSet.mts';

/**
 * Two datasets that fit the tables of the sample database, so that the first list is not empty. Their
 * IDs and those of their schemas are the same at every start.
 */
export function addSampleDataSets(state: EmulatorState): void {
	makeDataSet(state, {
		name: 'Orders',
		description: 'For the sample table public.orders',
		seed: 'sample orders',
		fields: {
			_id: 'string',
			id: 'integer',
			customerId: 'string',
			total: 'number',
			status: 'string',
			tags: 'string',
			updatedAt: 'date-time',
		},
	});
	makeDataSet(state, {
		name: 'Customers',
		description: 'For the sample table public.customers',
		seed: 'sample customers',
		fields: {
			_id: 'string',
			'personalEmail.address': 'string',
			'person.name.fullName': 'string',
			'homeAddress.countryCode': 'string',
			customerId: 'string',
			newsletter: 'boolean',
			attributes: 'string',
			createdAt: 'date-time',
		},
	});
}
