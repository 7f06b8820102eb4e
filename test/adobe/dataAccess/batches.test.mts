import { batchIdsOf, hadDiagnostics } from '../../../nodes/adobe/dataAccess/batches.ts';
import { RUN } from '../../../nodes/adobe/runModel.ts';
import { fakeClient, ODD_BODIES } from '../client.mts';

const idsOf = (raw: Record<string, unknown>) => batchIdsOf(RUN.read({ id: 'run-1', raw }));
const target = (...ids: unknown[]) => ({ targetInfo: [{ reference: { type: 'Batch', ids } }] });
const MANIFEST = {
	statusSummary: {
		extensions: {
			manifest: {
				failedRecords:
					'https://elsewhere.example.com/data/foundation/export/batches/01EF/meta?path=row_errors',
			},
		},
	},
};

describe('The batches of a run', () => {
	it.each<[string, unknown, string[]]>([
		['of its activities, each once', [target('A', 'B'), {}, target('B', 'C')], ['A', 'B', 'C']],
		['in the address of its files alone', [MANIFEST], ['01EF']],
		['of an activity that names both', [{ ...target('A'), ...MANIFEST }], ['A']],
		['that are none', [{ targetInfo: [{ reference: { type: 'AdfRunId', ids: ['A'] } }] }], []],
		['in odd forms', [null, 5, target(null, 5, ''), { targetInfo: 'x' }, { targetInfo: [5] }], []],
		['that has no activities', undefined, []],
	])('%s', (_what, activities, ids) => {
		expect(idsOf({ activities })).toStrictEqual(ids);
		expect(idsOf({ activites: activities })).toStrictEqual(ids);
	});
});

describe('Whether error diagnostics were on', () => {
	it.each([
		[true, true],
		['true', true],
		[['true'], true],
		[false, false],
		[['false'], false],
		[undefined, undefined],
		[[], undefined],
		['yes', undefined],
	])('is told by the tag %j', async (tag, expected) => {
		const body = { b1: { tags: { acp_enableErrorDiagnostics: tag } } };
		expect(await hadDiagnostics(fakeClient({ body }), 'b1')).toBe(expected);
	});

	it('is not told by a batch without tags', async () => {
		expect(await hadDiagnostics(fakeClient({ body: { b1: {} } }), 'b1')).toBeUndefined();
	});

	it.each(ODD_BODIES)('is not read out of %s', async (_what, body) => {
		await expect(hadDiagnostics(fakeClient({ body }), 'b1')).rejects.toThrow(/does not know/);
	});
});
