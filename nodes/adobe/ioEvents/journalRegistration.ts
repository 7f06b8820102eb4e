import type { ItemClient } from '../../platform/client';
import { Problem } from '../../platform/errors/problem';
import type { JournalAddress } from './journal';
import { journalAddressOf } from './journal';
import { findOfferedRunEvents } from './providers';
import type { Registration } from './registrations';
import { ensureRegistration } from './registrations';

const DESCRIPTION =
	'Runs of PostgreSQL dataflows for n8n (Adobe PostgreSQL Dataflow Trigger). All workflows with this client ID read this journal; each keeps its own position.';

/**
 * The journal of all runs, of the one registration that all triggers of a client share: reading takes nothing
 * out of it, and Adobe allows 30 registrations for a client. It is made where it is not there.
 *
 * @throws Problem
 */
export async function ensureJournal(client: ItemClient): Promise<JournalAddress> {
	const registration = await ensureRegistration(client, {
		// Names are unique in a workspace, which may have several clients.
		name: `n8n: journal of source runs ${client.clientId.slice(0, 8)}`,
		description: DESCRIPTION,
		events: await findOfferedRunEvents(client),
	});
	return addressOf(client, registration);
}

function addressOf(client: ItemClient, { id, journalUrl }: Registration): JournalAddress {
	const known = journalAddressOf(journalUrl, client.eventOrigins);
	if (known !== undefined) return known;
	// The address is made of IDs that the project names too.
	const { organizationId, credentialId } = client.consoleProject('Find the journal of events');
	if (credentialId !== undefined) return { organizationId, credentialId, registrationId: id };
	throw new Problem('The event registration does not say where its journal is', {
		advice:
			"In the Adobe Developer Console, open the registration 'n8n: journal of source runs …' and copy its journaling endpoint to 'Journaling Endpoint' of the trigger.",
		details: { operation: 'Find the journal of events' },
		failure: { cause: 'configuration-invalid' },
	});
}
