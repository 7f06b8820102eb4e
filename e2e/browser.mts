import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { InstalledN8n } from './n8n/install.mts';

/** Debian's path; `CHROMIUM` names another browser of that kind. */
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Of a page, in pixels as its style sheets count them. */
export const VIEWPORT = { width: 1440, height: 900 } as const;

/** What a script in the page is given of an element; the last two are there for fields only. */
interface PageElement {
	getBoundingClientRect(): { left: number; top: number; right: number; bottom: number };
	type: string;
	value: string;
}

/** The part of Playwright's locator that the tests use. */
export interface Locator {
	allInnerTexts(): Promise<string[]>;
	click(options?: { timeout?: number }): Promise<void>;
	count(): Promise<number>;
	dblclick(): Promise<void>;
	evaluateAll<T>(body: (elements: PageElement[]) => T): Promise<T>;
	fill(text: string): Promise<void>;
	first(): Locator;
	getByTestId(id: string): Locator;
	getByText(text: string | RegExp, options?: { exact?: boolean }): Locator;
	innerText(): Promise<string>;
	last(): Locator;
	locator(selector: string): Locator;
	nth(index: number): Locator;
	or(other: Locator): Locator;
	scrollIntoViewIfNeeded(): Promise<void>;
	waitFor(options?: { state?: 'visible' | 'hidden'; timeout?: number }): Promise<void>;
}

/** An element that was found or added. */
interface ElementHandle {
	evaluate(body: (element: { remove(): void }) => void): Promise<void>;
}

/** A part of a page, in pixels as its style sheets count them. */
interface Clip {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** The part of Playwright's page that the tests use. */
export interface Page {
	addStyleTag(options: { content: string }): Promise<ElementHandle>;
	goto(url: string): Promise<unknown>;
	url(): string;
	emulateMedia(options: { colorScheme: 'light' | 'dark' }): Promise<void>;
	getByTestId(id: string): Locator;
	getByText(text: string | RegExp): Locator;
	locator(selector: string): Locator;
	keyboard: { press(key: string): Promise<void> };
	mouse: { move(x: number, y: number): Promise<void> };
	on(event: 'request', listener: (request: { url(): string }) => void): void;
	screenshot(options: { path: string; clip?: Clip }): Promise<unknown>;
	setDefaultTimeout(ms: number): void;
}

/** A started browser. */
export interface Browser {
	newPage(options: {
		viewport: { width: number; height: number };
		deviceScaleFactor?: number;
	}): Promise<Page>;
	close(): Promise<void>;
}

/** Why there is no browser to test with; undefined when there is one. */
export const whyNoBrowser = existsSync(chromium) ? undefined : `no browser at ${chromium}`;

/**
 * Starts the machine's browser through the Playwright that is installed beside n8n. Its types are
 * not in the checkout, hence the interfaces above.
 */
export async function startBrowser(n8n: InstalledN8n): Promise<Browser> {
	const require = createRequire(join(n8n.folder, 'package.json'));
	const playwright = require('playwright-core') as {
		chromium: { launch(options: object): Promise<Browser> };
		selectors: { setTestIdAttribute(name: string): void };
	};
	playwright.selectors.setTestIdAttribute('data-test-id');
	return await playwright.chromium.launch({
		executablePath: chromium,
		// No sandbox: it cannot be set up by root, which is what containers run as.
		args: ['--no-sandbox', '--disable-background-networking'],
	});
}
