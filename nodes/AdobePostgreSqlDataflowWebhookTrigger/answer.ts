import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

/** Answers with plain words, once: what comes later is too late. n8n is told that there is no more to do. */
export function answer(
	context: IWebhookFunctions,
	status: number,
	text: string,
): IWebhookResponseData {
	const response = context.getResponseObject();
	if (!response.headersSent) {
		response.writeHead(status, {
			'content-type': 'text/plain; charset=utf-8',
			'x-content-type-options': 'nosniff',
		});
		response.end(text);
	}
	return { noWebhookResponse: true };
}
