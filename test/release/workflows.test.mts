import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '..', '..', '.github', 'workflows');
const FILES = readdirSync(FOLDER);
const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

/** The jobs of a workflow, each with its own lines. */
function jobsOf(file: string): Map<string, string> {
	const jobs = textOf(file).split(/^jobs:\n/m)[1] ?? '';
	const parts = jobs.split(/^ {2}(?=[a-z][\w-]*:\n)/m).filter((part) => part.trim() !== '');
	return new Map(parts.map((part) => [part.slice(0, part.indexOf(':')), part]));
}

describe('The workflows', () => {
	it.each(FILES)(
		'name every action by the hash of a commit, with its version beside: %s',
		(file) => {
			const used = [...textOf(file).matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, what]) => what);
			expect(used.length).toBeGreaterThan(0);
			for (const what of used)
				expect(what).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
		},
	);

	it('let no job but the one that publishes have an identity token', () => {
		const withToken = FILES.flatMap((file) =>
			[...jobsOf(file)].filter(([, text]) => text.includes('id-token')).map(([name]) => name),
		);
		expect(withToken).toStrictEqual(['publish']);
		for (const file of FILES) {
			expect(textOf(file).split(/^jobs:\n/m)[0]).not.toContain('id-token');
		}
	});

	it('publish the tested tarball where nothing is checked out, installed or built', () => {
		const jobs = jobsOf('publish.yml');
		const publish = (jobs.get('publish') ?? '').replace(/^\s*#.*$/gm, '');
		expect(publish).toContain('needs: build');
		expect(publish).toContain('actions/download-artifact@');
		expect(publish).toContain('sha256sum --check');
		expect(publish).toMatch(/npm publish "\.\/\$TARBALL" .*--provenance.*--ignore-scripts/);
		expect(publish).not.toMatch(/checkout|npm (?:ci|install|run|test|exec)|npx|node |yarn|pnpm/);
		expect(jobs.get('build')).toMatch(/npm test[^]*npm run build[^]*npm pack/);
	});
});
