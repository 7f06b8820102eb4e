import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A message of a conversation in the form of OpenAI's chat completions, as far as it is read here. */
export interface Message {
	role: 'system' | 'user' | 'assistant' | 'tool';
	content: string;
}

/** What a model is asked. */
export interface Question {
	messages: Message[];
	tools: Array<{ function: { name: string; description: string; parameters: unknown } }>;
}

/** What it answers: words, or the use of a tool. */
export type Answer = { say: string } | { use: string; with: Record<string, unknown> };

/** A model that says what it was told to say. */
export interface ScriptedModel {
	/** Base address of an API in OpenAI's form. */
	url: string;
	/** Everything that it was asked. */
	questions: Question[];
	stop: () => Promise<void>;
}

/** Starts a stand-in for a chat model; `script` answers in its place. */
export async function startScriptedModel(
	script: (question: Question) => Answer,
): Promise<ScriptedModel> {
	const questions: Question[] = [];
	const server = createServer((request, response) => {
		void text(request).then((body) => {
			const question = JSON.parse(body) as Question & { model: string };
			questions.push(question);
			const answer = script(question);
			const message =
				'say' in answer
					? { role: 'assistant', content: answer.say }
					: { role: 'assistant', content: null, tool_calls: [toolCall(answer)] };
			response.setHeader('content-type', 'application/json');
			response.end(
				JSON.stringify({
					id: `answer-${questions.length}`,
					object: 'chat.completion',
					created: Math.floor(Date.now() / 1000),
					model: question.model,
					choices: [{ index: 0, message, finish_reason: 'say' in answer ? 'stop' : 'tool_calls' }],
					usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
				}),
			);
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const stop = async () => {
		server.closeAllConnections();
		server.close();
		await once(server, 'close');
	};
	return { url: `http://127.0.0.1:${port}/v1`, questions, stop };
}

function toolCall({ use, with: parameters }: Extract<Answer, { use: string }>) {
	return {
		id: 'call-1',
		type: 'function',
		function: { name: use, arguments: JSON.stringify(parameters) },
	};
}
