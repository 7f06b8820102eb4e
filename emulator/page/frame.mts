import { createHash } from 'node:crypto';
import { Html, html } from './html.mts';
import { LIVE_SCRIPT } from './liveScript.mts';
import { STYLE } from './style.mts';

const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
const SCRIPT_ELEMENT = new Html(`<script>${LIVE_SCRIPT}</script>`);

const sourceOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but the page's own style and script, and requests to where the page came from. */
const POLICY = [
	"default-src 'none'",
	`style-src ${sourceOf(STYLE)}`,
	`script-src ${sourceOf(LIVE_SCRIPT)}`,
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join('; ');

export const PAGE_HEADERS = {
	'content-type': 'text/html; charset=utf-8',
	'content-security-policy': POLICY,
	'cache-control': 'no-store',
	'referrer-policy': 'no-referrer',
	'x-content-type-options': 'nosniff',
};

/** The whole document. Without scripts it loads itself again every five seconds. */
export function renderPage(orgId: string, contents: Html): string {
	return html`<!doctype html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<noscript><meta http-equiv="refresh" content="5" /></noscript>
				<title>Emulated Experience Platform</title>
				${STYLE_ELEMENT}
			</head>
			<body>
				<header>
					<h1>Emulated Experience Platform</h1>
					<p>
						What Adobe's side holds, on this machine only. This is a stand-in, not Adobe.
						Organization <code>${orgId}</code>
					</p>
					<p id="live" role="status">Updates by itself</p>
				</header>
				<main>${contents}</main>
				${SCRIPT_ELEMENT}
			</body>
		</html> `.text;
}
