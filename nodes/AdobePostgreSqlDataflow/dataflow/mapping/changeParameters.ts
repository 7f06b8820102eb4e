import type { INodeProperties } from 'n8n-workflow';

import type { MappingSetReference } from '../../../adobe/mappingSets';
import type { ItemParameters, NumberParameter } from '../../../operation/parameters';
import { choiceParameter } from '../../../operation/parameters';
import type { WantedMapping } from '../create/mappingParameters';
import {
	fieldsParameter,
	MAPPING_WAYS,
	mappingsParameter,
	readMappingBy,
} from '../create/mappingParameters';

/**
 * Not named as that of Create: n8n keeps a value for the parameter of the same name when another operation is
 * chosen, and a mapping is not to change by that.
 */
const newMappingParameter = choiceParameter({
	displayName: 'Mapping',
	name: 'newMapping',
	type: 'options',
	options: [
		{
			name: 'Leave As It Is',
			value: 'keep',
			description: 'The mapping is not changed',
		},
		...MAPPING_WAYS,
		{
			name: 'Earlier Mapping Set',
			value: 'earlier',
			description: 'Go back to a mapping that the dataflow had, by the ID that Update returned',
		},
	],
	default: 'keep',
	description:
		'The new mapping as a whole; it applies to runs that are scheduled after the change. The old mapping is kept, and named on the output.',
});

const BY_FIELDS = { newMapping: ['fields'] };
const BY_JSON = { newMapping: ['json'] };
const BY_ID = { newMapping: ['earlier'] };

const mappingSetIdParameter: INodeProperties = {
	displayName: 'Mapping Set ID',
	name: 'mappingSetId',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 0b090130b58b4819afc78b6dc98b484d',
	displayOptions: { show: BY_ID },
	description: 'What Update returned as previousMappingId',
};

const mappingSetVersionParameter: NumberParameter = {
	displayName: 'Mapping Set Version',
	name: 'mappingSetVersion',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	displayOptions: { show: BY_ID },
	description: 'What Update returned as previousMappingVersion',
};

/** In Update: what the mapping is to be. */
export const mappingChangeParameters: INodeProperties[] = [
	newMappingParameter,
	{
		...fieldsParameter,
		displayOptions: { show: BY_FIELDS },
		description:
			'The column for each field. The columns of the present mapping are filled in; a field that is calculated at present stays so only with JSON. Fields without a column stay empty; Add Field brings the others.',
		typeOptions: { ...fieldsParameter.typeOptions, loadOptionsDependsOn: ['flowId.value'] },
	},
	{ ...mappingsParameter, displayOptions: { show: BY_JSON } },
	mappingSetIdParameter,
	mappingSetVersionParameter,
];

/** Another mapping, or one that there is already. */
export type MappingWish = { mapping: WantedMapping } | { earlier: MappingSetReference };

/**
 * Undefined where the mapping is to stay.
 *
 * @throws UserError for what can't be a mapping
 */
export function readMappingChange(parameters: ItemParameters): MappingWish | undefined {
	const way = parameters.choice(newMappingParameter);
	if (way === 'keep') return undefined;
	if (way !== 'earlier') return { mapping: readMappingBy(parameters, way) };
	const version = parameters.wholeNumber(mappingSetVersionParameter);
	return { earlier: { id: parameters.requiredText(mappingSetIdParameter).trim(), version } };
}
