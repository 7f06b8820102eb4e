import type { ItemClient } from '../../platform/client';
import type { EventOfInterest } from './providers';

/**
 * `POST …/sample_event/{registration}`: has Adobe deliver a sample to a registration. Done twice it does no
 * harm.
 *
 * @throws Problem
 */
export async function requestSample(
	client: ItemClient,
	{ providerId, code }: EventOfInterest,
	registrationId: string,
): Promise<void> {
	await client.request({
		method: 'POST',
		service: 'ioEvents',
		path: [
			...['events', 'providers', providerId, 'eventmetadata', code],
			...['sample_event', registrationId],
		],
		operation: 'Send a sample event',
		permission: 'I/O Management API',
		subject: 'The event or its registration',
	});
}
