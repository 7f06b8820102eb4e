import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VIEWPORT, type Locator, type Page } from './browser.mts';
import { checkout } from './n8n/checkout.mts';

/** Where pictures and figures are kept. */
export const artifacts = join(checkout, 'artifacts');

/** Where the pictures of the guide are kept; what is right goes from there to docs/images. */
const guide = join(artifacts, 'guide');

/** Messages, tooltips and buttons that float above what a picture is to show. */
const FLOATING = [
	'.el-notification',
	'.el-popper[role=tooltip]',
	'[role=tooltip]',
	'[data-radix-popper-content-wrapper]',
	'[data-test-id=execute-workflow-button]',
	'[data-test-id=canvas-controls]',
].join(', ');

/** Names of the pictures that this process has taken. */
export const pictures: string[] = [];

/**
 * Keeps what the page looks like as `artifacts/<name>.png`, and what can be read on it as
 * `<name>.txt`: its text, and what stands in its fields. What a field masks is masked there, too.
 */
export async function takePicture(page: Page, name: string): Promise<void> {
	await mkdir(artifacts, { recursive: true });
	await page.screenshot({ path: join(artifacts, `${name}.png`) });
	await keepTexts(page, name);
}

async function keepTexts(page: Page, name: string): Promise<void> {
	const texts = await page.locator('body').allInnerTexts();
	const values = await page
		.locator('input:visible, textarea:visible, select:visible')
		.evaluateAll((fields) =>
			fields.map(({ type, value }) => (type === 'password' ? '•'.repeat(value.length) : value)),
		);
	await writeFile(join(artifacts, `${name}.txt`), `${[...texts, ...values].join('\n')}\n`);
	pictures.push(name);
}

/**
 * Keeps a part of the page as `artifacts/guide/<name>.png`, without what floats above it.
 *
 * @param parts what the picture is to show, all of it and little else
 * @param margin around them, in pixels of the page
 */
export async function takeGuidePicture(
	page: Page,
	name: string,
	parts: Locator,
	margin: number,
): Promise<void> {
	await mkdir(guide, { recursive: true });
	await page.mouse.move(0, 0);
	const style = await page.addStyleTag({
		content: `${FLOATING} { visibility: hidden !important; }`,
	});
	const boxes = await parts.evaluateAll((elements) =>
		elements.map((element) => {
			const { left, top, right, bottom } = element.getBoundingClientRect();
			return { left, top, right, bottom };
		}),
	);
	const left = Math.max(0, Math.min(...boxes.map((box) => box.left)) - margin);
	const top = Math.max(0, Math.min(...boxes.map((box) => box.top)) - margin);
	const right = Math.min(VIEWPORT.width, Math.max(...boxes.map((box) => box.right)) + margin);
	const bottom = Math.min(VIEWPORT.height, Math.max(...boxes.map((box) => box.bottom)) + margin);
	await page.screenshot({
		path: join(guide, `${name}.png`),
		clip: { x: left, y: top, width: right - left, height: bottom - top },
	});
	// Lists of the editor float, too.
	await style.evaluate((element) => element.remove());
	await keepTexts(page, join('guide', name));
}
