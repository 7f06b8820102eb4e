import { IMS_CREDENTIAL, imsLabels } from './auth/credential';
import { credentialOf, CredentialReadings } from './auth/credentialReadings';
import type { CredentialReading, NodeContext } from './n8nHost';
import { Transport } from './send';

/** The transports of an execution: one, or one for each client that expressions in the credential give. */
export class Transports {
	private readonly readings: CredentialReadings;
	private readonly byReading = new Map<CredentialReading, Transport>();
	private readonly byClient = new Map<string, Transport>();

	constructor(private readonly context: NodeContext) {
		this.readings = new CredentialReadings(context, IMS_CREDENTIAL);
	}

	/** @throws UserError when the credential is incomplete for this item, and what n8n throws */
	async forItem(itemIndex: number): Promise<Transport> {
		const reading = await this.readings.read(itemIndex);
		const known = this.byReading.get(reading);
		if (known !== undefined) return known;
		const data = credentialOf(reading, imsLabels);
		const hasExpressions = (reading.expressions?.size ?? 0) > 0;
		const made = new Transport(this.context, data, hasExpressions);
		// Items of the same client share its token.
		const client = JSON.stringify(made.settings);
		const transport = this.byClient.get(client) ?? made;
		this.byClient.set(client, transport);
		this.byReading.set(reading, transport);
		return transport;
	}

	/** Values that must not appear in any text. */
	secrets(): string[] {
		return [...this.byClient.values()].flatMap((transport) => transport.secrets());
	}
}
