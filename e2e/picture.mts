import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from './browser.mts';
import { checkout } from './n8n/checkout.mts';

/** Where pictures and figures are kept. */
export const artifacts = join(checkout, 'artifacts');

/** Names of the pictures that this process has taken. */
export const pictures: string[] = [];

/**
 * Keeps what the page looks like as `artifacts/<name>.png`, and what can be read on it as
 * `<name>.txt`: its text, and what stands in its fields. What a field masks is masked there, too.
 */
export async function takePicture(page: Page, name: string): Promise<void> {
	await mkdir(artifacts, { recursive: true });
	await page.screenshot({ path: join(artifacts, `${name}.png`) });
	const texts = await page.locator('body').allInnerTexts();
	const values = await page
		.locator('input:visible, textarea:visible, select:visible')
		.evaluateAll((fields) =>
			fields.map(({ type, value }) => (type === 'password' ? '•'.repeat(value.length) : value)),
		);
	await writeFile(join(artifacts, `${name}.txt`), `${[...texts, ...values].join('\n')}\n`);
	pictures.push(name);
}
