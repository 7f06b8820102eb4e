import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';
import { UserError } from 'n8n-workflow';

import type { CredentialReading, NodeContext } from '../n8nHost';
import { readCredential } from '../n8nHost';
import { asIs } from '../errors/problem';
import { isBlank } from '../json';

/** A credential for all items of an execution: read once, or once for each item where it has expressions. */
export class CredentialReadings {
	private first?: { itemIndex: number; reading: Promise<CredentialReading> };

	constructor(
		private readonly context: NodeContext,
		private readonly type: string,
	) {}

	async read(itemIndex: number): Promise<CredentialReading> {
		this.first ??= {
			itemIndex,
			reading: readCredential(this.context, this.type, itemIndex),
		};
		const first = await this.first.reading;
		// Undefined where n8n does not let us see them: there may be some.
		const isForAll = first.expressions?.size === 0;
		return isForAll || this.first.itemIndex === itemIndex
			? first
			: await readCredential(this.context, this.type, itemIndex);
	}
}

/** How the editor calls the fields of a credential that are used. */
export type LabelsOf = (data: IDataObject) => Readonly<Record<string, string>>;

/**
 * What came of a reading.
 *
 * @param labelsOf how the editor calls the fields that are used
 * @throws whatever n8n has thrown; UserError for an expression without a value: the default is only for
 *   fields that were left empty by hand
 */
export function credentialOf(
	reading: CredentialReading,
	labelsOf: LabelsOf,
): ICredentialDataDecryptedObject {
	if ('error' in reading) throw asIs(reading.error);
	const { data, expressions = new Set<string>() } = reading;
	for (const [name, label] of Object.entries(labelsOf(data))) {
		if (expressions.has(name) && isNothing(name, data[name])) throw noValue(label);
	}
	return data;
}

/** A password may be of blanks alone. */
function isNothing(name: string, value: unknown): boolean {
	const isEmpty = name === 'password' ? value === '' : isBlank(value);
	return value === undefined || value === null || isEmpty;
}

/** @param label of a field of a credential */
export function noValue(label: string): UserError {
	return new UserError(`The credential's '${label}' has no value`, {
		description: `The expression of '${label}' in the credential gives nothing for this item. Let it give a value, or type one in.`,
	});
}
