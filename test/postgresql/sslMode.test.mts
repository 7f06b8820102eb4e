import { DEFAULT_SSL_MODE, SSL_MODES, sslModeProblem } from '../../nodes/postgresql/sslMode.ts';
import { NOT_TEXT } from './hostile.mts';

const DOCUMENTED = ['Disable', 'Allow', 'Prefer', 'Require', 'Verify Ca', 'Verify Full'];

describe('SSL_MODES', () => {
	it("offers Azure's documented modes in the tutorial's spelling", () => {
		expect(SSL_MODES.azure.map(({ value }) => value)).toEqual(DOCUMENTED);
	});

	it('offers AWS a yes or no as text first, and the modes as well', () => {
		expect(SSL_MODES.aws.map(({ value }) => value)).toEqual(['true', 'false', ...DOCUMENTED]);
	});

	it.each(['azure', 'aws'] as const)('can be shown and sent as it is on %s', (cloud) => {
		for (const option of SSL_MODES[cloud]) {
			expect(option.name).toMatch(/\S/);
			expect(option.description).toMatch(/\S/);
			expect(sslModeProblem(option.value)).toBeUndefined();
		}
		expect(new Set(SSL_MODES[cloud].map(({ value }) => value)).size).toBe(SSL_MODES[cloud].length);
	});

	it('has the default among the modes of both clouds', () => {
		expect(DEFAULT_SSL_MODE).toBe('Prefer');
		for (const options of Object.values(SSL_MODES)) {
			expect(options.map(({ value }) => value)).toContain(DEFAULT_SSL_MODE);
		}
	});

	it('shares no option between the clouds, so that changing one list leaves the other', () => {
		expect(SSL_MODES.aws.some((option) => SSL_MODES.azure.includes(option))).toBe(false);
	});
});

describe('sslModeProblem', () => {
	it.each(['Verify-Ca', 'Verify_ca', 'prefer', 'true', '0', 'something new', ' Prefer ', '🔒'])(
		'lets Adobe decide about %j',
		(value) => {
			expect(sslModeProblem(value)).toBeUndefined();
		},
	);

	it.each([
		['an empty text', ''],
		['blanks', '  '],
		['a line break only', '\n'],
		['two lines', 'Prefer\nkanarienvogel'],
		['a null character', 'kanarienvogel\u0000'],
		...NOT_TEXT,
	])('objects to %s', (_label, value) => {
		const problem = sslModeProblem(value as string);
		expect(problem?.message).toMatch(/^The SSL mode .*\.$/);
		expect(problem?.hint).toMatch(/\S/);
		expect(JSON.stringify(problem)).not.toContain('kanarienvogel');
	});
});
