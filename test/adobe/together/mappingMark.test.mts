import type { Mapping } from '../../../nodes/adobe/mappingSets.ts';
import { isMarkedWith, mappingMark } from '../../../nodes/adobe/together/mappingMark.ts';

const ID: Mapping = { sourceType: 'ATTRIBUTE', source: 'id', destination: '_id' };
const NAME: Mapping = { sourceType: 'ATTRIBUTE', source: 'name', destination: 'person.name' };
const SET = { id: '0b090130b58b4819afc78b6dc98b484d', version: 0 };
const FLOW = { mappingId: SET.id, mappingVersion: 0 };
const MARK = `Made for the dataflow 'Orders' (1a2b3c4d): ${mappingMark(SET, [ID, NAME])}`;

it.each<[string, typeof FLOW, string, Mapping[], boolean]>([
	['this mapping', FLOW, MARK, [ID, NAME], true],
	['this mapping in another order', FLOW, MARK, [NAME, ID], true],
	['fewer fields', FLOW, MARK, [ID], false],
	['a calculation', FLOW, MARK, [ID, { ...NAME, sourceType: 'EXPRESSION' }], false],
	['another version of the set', { ...FLOW, mappingVersion: 1 }, MARK, [ID, NAME], false],
	['another set', { ...FLOW, mappingId: 'f'.repeat(32) }, MARK, [ID, NAME], false],
	['no mark', FLOW, 'Target of the orders', [ID, NAME], false],
])('a mark says whether a dataflow has %s', (_what, flow, mark, mappings, expected) => {
	expect(isMarkedWith(flow, mark, mappings)).toBe(expected);
});
