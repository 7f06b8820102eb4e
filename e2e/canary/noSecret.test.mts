import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test, type TestContext } from 'node:test';
import { startBrowser, whyNoBrowser } from '../browser.mts';
import { node } from '../connectionWorkflow.mts';
import { withClient } from '../n8n/database.mts';
import { artifacts, pictures, takePicture } from '../picture.mts';
import { canaries, Canaries, type PlacedText } from './canaries.mts';
import { formsOf } from './forms.mts';
import {
	databaseTexts,
	fileTexts,
	logTexts,
	pictureTexts,
	redisTexts,
	searched,
	type Searched,
} from './searched.mts';

/** Characters that each way of writing it down writes differently. */
const PLANTED = `planted-1f0c9b77;&=%/+<>\\'"`;
const START = 'Start';
const PICTURE = 'planted';

const NO_REDIS = 'no Redis in this suite';
const NO_PICTURE = 'no picture was taken';

type TextsOf = (of: Searched) => AsyncIterable<PlacedText>;

// Runs last in every suite, see run.mts: it judges all that the suite has done.
describe('the last look for secrets', () => {
	const planted = new Canaries();
	planted.add('planted', PLANTED);
	const forms = formsOf(PLANTED);

	before(() => assert.notEqual(searched.length, 0, 'no n8n was started'));

	/** Those forms of the planted secret that are found. */
	const formsFoundIn = async (texts: AsyncIterable<PlacedText>) =>
		new Set((await planted.findIn(texts)).map(({ form }) => form));
	const all = new Set(forms.map(({ name }) => name));

	test('would find one in n8n’s database, in each form', async () => {
		for (const of of searched) {
			await withClient(of.database, async (client) => {
				for (const { name, text } of forms) {
					await client.query('insert into settings (key, value) values ($1, $2)', [
						`planted ${name}`,
						text,
					]);
				}
			});
			assert.deepEqual(await formsFoundIn(databaseTexts(of)), all);
		}
	});

	test('would find one in the record of an execution', async () => {
		for (const of of searched) {
			await of.beReady();
			const workflow = {
				name: 'Planted',
				nodes: [
					node(START, 'n8n-nodes-base.manualTrigger', 1, 0, {}),
					node('Planted', 'n8n-nodes-base.set', 3.4, 1, {
						mode: 'raw',
						jsonOutput: `={{ { text: ${JSON.stringify(PLANTED.slice(0, 8))} + $json.rest } }}`,
						options: {},
					}),
				],
				connections: {
					[START]: { main: [[{ node: 'Planted', type: 'main' as const, index: 0 }]] },
				},
				// In two parts, so that it is whole in what a node has returned, and not in the workflow.
				pinData: { [START]: [{ json: { rest: PLANTED.slice(8) } }] },
			};
			const id = await of.session.createWorkflow(workflow);
			const { status, error } = await of.session.execute(id, START);
			assert.equal(status, 'success', error?.message);
			const found = await planted.findIn(databaseTexts(of));
			const tables = new Set(found.map(({ where }) => where));
			assert.deepEqual(tables, new Set(['public.settings', 'public.execution_data']));
		}
	});

	test('would find one in the log of each process, in each form', async () => {
		for (const of of searched) {
			for (const log of of.logs.values()) {
				assert.ok(log.lines.length > 0);
				for (const { text } of forms) log.append(`${text}\n`);
			}
			const found = await planted.findIn(logTexts(of));
			assert.equal(found.length, forms.length * of.logs.size);
		}
	});

	test('would find one in a file of n8n’s user folder, in each form', async () => {
		for (const of of searched) {
			const folder = join(of.folder, '.n8n', 'storage');
			await mkdir(folder, { recursive: true });
			const file = join(folder, 'planted');
			await writeFile(file, forms.map(({ text }) => text).join('\n'));
			assert.deepEqual(await formsFoundIn(fileTexts(of)), all);
			await rm(file);
		}
	});

	test('would find one in Redis, in each form and type of key, and among what it was sent', async (context) => {
		const withRedis = searched.filter(({ redis }) => redis);
		if (withRedis.length === 0) return context.skip(NO_REDIS);
		for (const of of withRedis) {
			const remove = await of.redis!.plant(forms.map(({ text }) => text).join('\n'));
			const found = await planted.findIn(redisTexts(of));
			const types = ['hash', 'list', 'set', 'stream', 'string', 'zset'];
			const places = [...types.map((type) => `planted:${type}`), 'commands'];
			assert.deepEqual([...new Set(found.map(({ where }) => where))].sort(), places.sort());
			assert.equal(found.length, forms.length * places.length);
			await remove();
		}
	});

	test('would find one that can be read on a picture, and none that is masked', async (context) => {
		if (whyNoBrowser) return context.skip(whyNoBrowser);
		const browser = await startBrowser(searched[0]!.n8n);
		try {
			const page = await browser.newPage({ viewport: { width: 400, height: 300 } });
			const shows = async (html: string) => {
				await page.goto(`data:text/html,${encodeURIComponent(html)}`);
				await takePicture(page, PICTURE);
				return (await planted.findIn(pictureTexts())).map(({ where }) => where);
			};
			const text = PLANTED.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
			for (const html of [
				`<p>${text}</p>`,
				`<input value="${text}">`,
				`<textarea>${text}</textarea>`,
			]) {
				assert.deepEqual(await shows(html), [`${PICTURE}.txt`], html);
			}
			assert.deepEqual(await shows(`<input type="password" value="${text}">`), []);
		} finally {
			await browser.close();
			pictures.splice(pictures.indexOf(PICTURE));
			for (const ending of ['png', 'txt']) await rm(join(artifacts, `${PICTURE}.${ending}`));
		}
	});

	/** Ends n8n first, because it may write until its end. */
	const assertNone = async (context: TestContext, textsOf: TextsOf) => {
		const counted = { texts: 0, characters: 0 };
		for (const of of searched) {
			await of.stop();
			const texts = async function* () {
				for await (const placed of textsOf(of)) {
					counted.texts++;
					counted.characters += placed.text.length;
					yield placed;
				}
			};
			assert.deepEqual(await canaries.findIn(texts()), []);
		}
		assert.notEqual(counted.characters, 0);
		context.diagnostic(
			`${canaries.names().length} secrets, in ${counted.texts} texts of ${counted.characters} characters`,
		);
	};

	test('knows the secrets that were used', () => {
		const names = canaries.names().join('\n');
		for (const kind of [
			/^client ?secret of /im,
			/^access token /m,
			/^password of the database user /m,
			/^connectionString of the credential /m,
		]) {
			assert.match(names, kind);
		}
	});

	test('finds none in any table of n8n’s database', async (context) => {
		await assertNone(context, databaseTexts);
	});

	test('finds none in n8n’s logs', async (context) => {
		await assertNone(context, logTexts);
	});

	test('finds none in any file of n8n’s user folders', async (context) => {
		await assertNone(context, fileTexts);
	});

	test('finds none in Redis, nor among what it was sent', async (context) => {
		if (!searched.some(({ redis }) => redis)) return context.skip(NO_REDIS);
		await assertNone(context, redisTexts);
	});

	test('finds none that can be read on a picture', async (context) => {
		if (pictures.length === 0) return context.skip(NO_PICTURE);
		for (const name of pictures) {
			assert.ok((await readFile(join(artifacts, `${name}.txt`), 'utf8')).trim().length > 0, name);
		}
		await assertNone(context, pictureTexts);
		context.diagnostic(`on ${pictures.length} pictures`);
	});
});
