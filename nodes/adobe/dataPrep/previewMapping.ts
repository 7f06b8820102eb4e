import type { ItemClient } from '../../platform/client';
import { asIs, isProblem } from '../../platform/errors/problem';
import { asRecord, recordsOf, textOf } from '../../platform/json';
import type { PlatformRequest } from '../../platform/request';
import { requestValue } from '../answers';
import type { Mapping } from '../mappingSets';
import { bodyFor, MAPPING_SETS } from '../mappingSets';

/** Why a field of a row could not be filled. */
export interface MappingFault {
	/** The field; undefined where Adobe does not say. */
	destination?: string;
	source?: string;
	reason: string;
}

/** What becomes of a row. */
export interface MappedRow {
	record: Record<string, unknown>;
	faults: MappingFault[];
}

/**
 * Adobe's own mapping of single rows: `POST /mappingSets/preview`, which writes nothing. Of a list with one row
 * the faults belong to that row; Adobe's API description has a list, its sample one object, so where the list is
 * refused the object is sent.
 */
export class MappingPreview {
	private form?: 'list' | 'object';

	constructor(
		private readonly client: ItemClient,
		private readonly schemaId: string,
		private readonly mappings: readonly Mapping[],
	) {}

	/** @throws Problem */
	async map(row: Record<string, unknown>): Promise<MappedRow> {
		if (this.form !== 'object') {
			try {
				const mapped = await this.ask([row]);
				this.form = 'list';
				return mapped;
			} catch (error) {
				if (this.form === 'list' || !isProblem(error, 'rejected')) throw asIs(error);
			}
		}
		const mapped = await this.ask(row);
		this.form = 'object';
		return mapped;
	}

	private async ask(data: object): Promise<MappedRow> {
		const request: PlatformRequest = {
			method: 'POST',
			path: [...MAPPING_SETS, 'preview'],
			body: { data, mappingSet: bodyFor(this.schemaId, this.mappings) },
			onlyAsks: true,
			exactNumbers: true,
			operation: 'Preview a mapping',
			permission: 'View Sources',
			subject: 'The mapping',
		};
		return await requestValue(this.client, request, 'a record in "data"', (body) => {
			const { data: answered, errors } = asRecord(body) ?? {};
			const faults = recordsOf(errors).map(readFault);
			const record = asRecord(Array.isArray(answered) ? (answered as unknown[])[0] : answered);
			if (record !== undefined) return { record, faults };
			// A row of which nothing could be mapped.
			return faults.length > 0 ? { record: {}, faults } : undefined;
		});
	}
}

function readFault({ destination, source, exception }: Record<string, unknown>): MappingFault {
	return {
		destination: textOf(destination),
		source: textOf(source),
		reason: textOf(exception) ?? 'Adobe gives no reason',
	};
}
