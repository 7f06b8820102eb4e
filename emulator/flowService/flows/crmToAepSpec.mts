import { POSTGRESQL_SPEC_ID } from '../connections/postgreSqlSpec.mts';

const SCHEMA = 'http://json-schema.org/draft-07/schema#';
const TEXT = { type: 'string' };
const EPOCH = { type: 'integer', description: 'epoch time' };

const DELTA_COLUMN = {
	type: 'object',
	properties: { name: TEXT, dateFormat: TEXT, timezone: TEXT },
	required: ['name'],
};

/** A schedule that recurs needs an interval of at least `minimum`. */
function recurring(frequencies: string[], minimum: number): object {
	return {
		if: { properties: { frequency: { enum: frequencies } } },
		then: { required: ['interval'], properties: { interval: { minimum } } },
	};
}

/**
 * The flow spec of database sources, `GET /flowSpecs/{id}`: flow-service.md 0.1, 5.3. The rules of
 * each part are from there, the exact JSON around them is ours ⚠UNV.
 */
export const CRM_TO_AEP = {
	id: '14518937-270c-4525-bdec-c2ba7cce3860',
	name: 'CRMToAEP',
	providerId: '0ed90a81-07f4-4586-8190-b40eccef1c5a',
	version: '1.0',
	sourceConnectionSpecIds: [POSTGRESQL_SPEC_ID],
	targetConnectionSpecIds: ['c604ff05-7f1a-43c0-8e18-33bf874cb11c'],
	optionSpec: {
		name: 'OptionSpec',
		spec: {
			$schema: SCHEMA,
			type: 'object',
			properties: {
				errorDiagnosticsEnabled: { type: 'boolean', default: false },
				partialIngestionPercent: { type: 'number', exclusiveMinimum: 0 },
			},
		},
	},
	// flow-service.md 5.3 ⚠CONFLICT: so in the tutorial, `transformationSpecs` in the OAS.
	transformationSpec: [
		{
			name: 'Copy',
			spec: {
				$schema: SCHEMA,
				type: 'object',
				properties: { deltaColumn: DELTA_COLUMN },
				required: ['deltaColumn'],
			},
		},
		{
			name: 'Mapping',
			spec: {
				$schema: SCHEMA,
				type: 'object',
				properties: { mappingId: TEXT, mappingVersion: TEXT },
			},
		},
	],
	scheduleSpec: {
		name: 'PeriodicSchedule',
		type: 'Periodic',
		spec: {
			$schema: SCHEMA,
			type: 'object',
			properties: {
				startTime: EPOCH,
				frequency: { type: 'string', enum: ['once', 'minute', 'hour', 'day', 'week'] },
				interval: { type: 'integer' },
				backfill: { type: 'boolean', default: true },
			},
			required: ['startTime', 'frequency'],
			if: { properties: { frequency: { const: 'once' } } },
			then: { allOf: [{ not: { required: ['interval'] } }, { not: { required: ['backfill'] } }] },
			else: { allOf: [recurring(['minute'], 15), recurring(['hour', 'day', 'week'], 1)] },
		},
	},
	runSpec: {
		name: 'ProviderParams',
		spec: {
			$schema: SCHEMA,
			type: 'object',
			properties: {
				startTime: EPOCH,
				windowStartTime: EPOCH,
				windowEndTime: EPOCH,
				deltaColumn: DELTA_COLUMN,
			},
			required: ['startTime', 'windowStartTime', 'windowEndTime', 'deltaColumn'],
		},
	},
	attributes: {
		isSourceFlow: true,
		flacValidationSupported: true,
		frequency: 'batch',
		notification: { category: 'sources', flowRun: { enabled: true } },
	},
};
