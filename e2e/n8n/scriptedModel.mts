import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from './loopbackServer.mts';

/** A message of a conversation in the form of OpenAI's chat completions, as far as it is read here. */
export interface Message {
	role: 'system' | 'user' | 'assistant' | 'tool';
	content: string;
}

/** A tool that a model may use, with a JSON schema of what it fills in. */
export interface OfferedTool {
	name: string;
	description: string;
	parameters: { properties: Record<string, { description?: string; type?: string }> };
}

/** What a model is asked. */
export interface Question {
	messages: Message[];
	tools?: Array<{ function: OfferedTool }>;
}

/** What it answers: words, or the use of a tool. */
export type Answer = { say: string } | { use: string; with: Record<string, unknown> };

/** A model that says what it was told to say. */
export interface ScriptedModel {
	/** Base address of an API in OpenAI's form. */
	url: string;
	/** Everything that it was asked. */
	questions: Question[];
	/** The same as it came over the wire, to search in; without the headers, which hold its key. */
	received: string[];
	stop: () => Promise<void>;
}

/** Starts a stand-in for a chat model on loopback; `script` answers in its place. */
export async function startScriptedModel(
	script: (question: Question) => Answer,
): Promise<ScriptedModel> {
	const questions: Question[] = [];
	const received: string[] = [];

	/** @throws {Error} for what is not a question, or one that the script has no answer to */
	const answer = (body: string) => {
		const question = JSON.parse(body) as Question;
		questions.push(question);
		return completion(questions.length, script(question));
	};
	const server = createServer((request, response) => {
		void text(request)
			.then((body) => {
				received.push(`${request.url}\n${body}`);
				return answer(body);
			})
			.then(
				(message) => response.end(JSON.stringify(message)),
				// Not a 5xx, which would be asked again.
				(error: unknown) =>
					response.writeHead(400).end(JSON.stringify({ error: { message: String(error) } })),
			);
		response.setHeader('content-type', 'application/json');
	});
	const { url, stop } = await listenOnLoopback(server);
	return { url: `${url}/v1`, questions, received, stop };
}

function completion(count: number, answer: Answer): Record<string, unknown> {
	const isWords = 'say' in answer;
	const message = isWords
		? { role: 'assistant', content: answer.say }
		: { role: 'assistant', content: null, tool_calls: [toolCall(count, answer)] };
	return {
		id: `answer-${count}`,
		object: 'chat.completion',
		created: Math.floor(Date.now() / 1000),
		model: 'scripted',
		choices: [{ index: 0, message, finish_reason: isWords ? 'stop' : 'tool_calls' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

function toolCall(count: number, { use, with: filledIn }: Extract<Answer, { use: string }>) {
	return {
		id: `call-${count}`,
		type: 'function',
		function: { name: use, arguments: JSON.stringify(filledIn) },
	};
}
