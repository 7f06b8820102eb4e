import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

/** A message that a user may see, with `…` for what is filled in. */
export interface Message {
	text: string;
	/** What to do, where the source says it beside the message. */
	advice: string;
	/** Path from the checkout. */
	file: string;
}

/** The classes whose first argument is a message. */
const ERRORS = new Set(['UserError', 'Problem', 'SignInError', 'NodeOperationError']);

/** The methods of a problem whose argument is another message. */
const RETITLING = new Set(['retitled', 'leadingTo']);

/** Members of an object that hold a message, and those that hold what to do about it. */
const MESSAGES = new Set(['message', 'failedTest']);
const ADVICE = new Set(['description', 'advice', 'hint']);

/**
 * Every message that the source can produce: first arguments of errors, and members called `message`
 * that stand beside an advice. Read from the syntax tree, so that a new one is not overlooked.
 *
 * @param root the checkout
 */
export function messagesIn(root: string): Message[] {
	const found = new Map<string, Message>();
	for (const file of sourcesIn(root)) {
		const source = ts.createSourceFile(
			file,
			readFileSync(join(root, file), 'utf8'),
			ts.ScriptTarget.ES2022,
			true,
		);
		const visit = (node: ts.Node): void => {
			for (const { texts, advice } of messagesOf(node, source)) {
				for (const text of texts) {
					// Only placeholders: the words come from elsewhere, and are found there.
					if (/[A-Za-z]{3}/.test(text)) found.set(text, { text, advice, file });
				}
			}
			ts.forEachChild(node, visit);
		};
		visit(source);
	}
	return [...found.values()];
}

function sourcesIn(root: string): string[] {
	return ['nodes', 'credentials'].flatMap((top) =>
		readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('.ts'))
			.map((file) => `${top}/${file.replaceAll('\\', '/')}`),
	);
}

function messagesOf(
	node: ts.Node,
	source: ts.SourceFile,
): Array<{ texts: string[]; advice: string }> {
	if (ts.isNewExpression(node) && ERRORS.has(node.expression.getText(source))) {
		const [message, options] = node.arguments ?? [];
		if (message === undefined) return [];
		const advice =
			options !== undefined && ts.isObjectLiteralExpression(options)
				? memberOf(options, ADVICE)
				: options;
		return [{ texts: textsOf(message), advice: textsOf(advice).join(' ') }];
	}
	if (ts.isObjectLiteralExpression(node)) {
		const advice = textsOf(memberOf(node, ADVICE)).join(' ');
		return [{ texts: textsOf(memberOf(node, MESSAGES)), advice }];
	}
	// What one problem means for a whole operation.
	if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
		if (!RETITLING.has(node.expression.name.text)) return [];
		return [{ texts: textsOf(node.arguments[0]), advice: '' }];
	}
	// What the credential's test says: rules(codes, message).
	if (ts.isCallExpression(node) && node.expression.getText(source) === 'rules') {
		return [{ texts: textsOf(node.arguments[1]), advice: '' }];
	}
	return [];
}

function memberOf(object: ts.ObjectLiteralExpression, names: Set<string>): ts.Node | undefined {
	for (const member of object.properties) {
		if (!ts.isPropertyAssignment(member) || !names.has(member.name.getText())) continue;
		return member.initializer;
	}
	return undefined;
}

/** The texts that an expression may give; several for a choice. */
function textsOf(node: ts.Node | undefined): string[] {
	if (node === undefined) return [];
	if (ts.isStringLiteralLike(node)) return [node.text];
	if (ts.isTemplateExpression(node)) {
		return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
	}
	if (
		ts.isBinaryExpression(node) &&
		node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken
	) {
		return [...textsOf(node.left), ...textsOf(node.right)];
	}
	if (ts.isConditionalExpression(node))
		return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
	return [];
}
