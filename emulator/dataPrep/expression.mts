import jsep from 'jsep';
import type { FieldType } from '../schemaRegistry/xdmField.mts';
import { ExpressionError } from './expressionError.mts';
import { type Argument, FUNCTIONS } from './functions.mts';
import { BINARY, isTrue, LOGICAL, UNARY } from './operators.mts';
import { pathOf, readColumn } from './readColumn.mts';

/** What an expression gives; `any` where only the row decides. */
export type ResultType = FieldType | 'any';

/** A calculated field, ready to be applied to rows. */
export interface Expression {
	/** @throws Error for a column that the row does not have, or a value that does not fit */
	evaluate(row: Record<string, unknown>): unknown;
	type: ResultType;
	/** The fields that it reads, each with its path. */
	columns: string[][];
}

type Node = jsep.Expression;
interface Compiled {
	evaluate: Expression['evaluate'];
	type: ResultType;
}

// Data Prep's operators that are words: the reserved words of its functions guide.
const WORDS: Record<string, string> = {
	and: '&&',
	or: '||',
	eq: '==',
	ne: '!=',
	lt: '<',
	le: '<=',
	gt: '>',
	ge: '>=',
	div: '/',
	mod: '%',
};
for (const [word, sign] of Object.entries(WORDS)) {
	jsep.addBinaryOp(word, jsep.binary_ops[sign] ?? 1);
}
jsep.addUnaryOp('not');

/** A name in `${…}`, in which a backslash stands before a dot or a brace. */
const WRAPPED = /\$\{(?:\\.|[^\\}])*[^\s\\}](?:\\.|[^\\}])*\}/sy;
/** A path with a backslash in one of its names. */
const ESCAPED = /(?=[\p{L}\p{N}_$.]*\\)(?:[\p{L}\p{N}_$.]|\\.)+/suy;

// Data Prep's functions guide; see `readColumn.mts`.
jsep.hooks.add('gobble-token', function (env) {
	const at = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = this.index;
		return pattern.exec(this.expr)?.[0];
	};
	const text = at(WRAPPED) ?? at(ESCAPED);
	if (text === undefined) {
		if (this.expr.startsWith('${', this.index)) this.throwError('Unclosed ${');
		return;
	}
	this.index += text.length;
	const field = { type: 'Identifier', name: text, path: pathOf(text) };
	// Data Prep has `${a}.b`, and `${a}.equals(b)`, as of any other name.
	env.node = (this as unknown as Continued).gobbleTokenProperty(field);
});

/** What jsep does after a name; its types leave it out. */
interface Continued {
	gobbleTokenProperty(node: jsep.Expression): jsep.Expression;
}

/**
 * Reads an expression of Data Prep: flow-service.md 6.1, `EXPRESSION`. What is not a part of the
 * language that the emulator knows is rejected, not ignored.
 *
 * @param typeOf type of a field, where it is known
 * @throws ExpressionError
 */
export function compileExpression(
	text: string,
	typeOf: (path: string[]) => ResultType = () => 'any',
): Expression {
	const columns = new Map<string, string[]>();

	const compile = (node: Node): Compiled => {
		switch (node.type) {
			case 'Literal':
				return literal((node as jsep.Literal).value);
			case 'Identifier':
			case 'MemberExpression':
				return column(fieldPath(node));
			case 'UnaryExpression':
				return unary(node as jsep.UnaryExpression);
			case 'BinaryExpression':
				return binary(node as jsep.BinaryExpression);
			case 'ConditionalExpression': {
				const { test, consequent, alternate } = node as jsep.ConditionalExpression;
				return call('iif', [test, consequent, alternate]);
			}
			case 'ArrayExpression': {
				const parts = (node as jsep.ArrayExpression).elements.map((one) => compile(one as Node));
				return { type: 'array', evaluate: (row) => parts.map((part) => part.evaluate(row)) };
			}
			case 'CallExpression': {
				const { callee, arguments: given } = node as jsep.CallExpression;
				if (callee.type === 'Identifier') return call(String(callee['name']), given);
				// Data Prep's functions guide has `a.equals(b)` and `a.equalsIgnoreCase(b)`.
				const { object, property, computed } = callee as jsep.MemberExpression;
				if (callee.type === 'MemberExpression' && !computed) {
					return call(String(property['name']), [object, ...given]);
				}
				throw new ExpressionError('Only a function can be called');
			}
			default:
				throw new ExpressionError('This is not one expression');
		}
	};
	const column = (path: string[]): Compiled => {
		columns.set(JSON.stringify(path), path);
		return { type: typeOf(path), evaluate: (row) => readColumn(row, path) };
	};
	const unary = ({ operator, argument }: jsep.UnaryExpression): Compiled => {
		const known = UNARY.get(operator === 'not' ? '!' : operator);
		if (known === undefined) throw new ExpressionError(`Unknown operator ${operator}`);
		const { evaluate } = compile(argument);
		return { type: known.type, evaluate: (row) => known.apply(evaluate(row)) };
	};
	const binary = ({ operator, left, right }: jsep.BinaryExpression): Compiled => {
		const sign = WORDS[operator] ?? operator;
		const [a, b] = [compile(left), compile(right)];
		if (LOGICAL.includes(sign)) {
			const ends = sign === '||';
			const evaluate = (row: Record<string, unknown>) =>
				isTrue(a.evaluate(row)) === ends ? ends : isTrue(b.evaluate(row));
			return { type: 'boolean', evaluate };
		}
		const known = BINARY.get(sign);
		if (known === undefined) throw new ExpressionError(`Unknown operator ${operator}`);
		return {
			type: known.type(a.type, b.type),
			evaluate: (row) => known.apply(a.evaluate(row), b.evaluate(row)),
		};
	};
	const call = (name: string, given: Node[]): Compiled => {
		const known = FUNCTIONS.get(name);
		if (known === undefined) throw new ExpressionError(`Unknown function ${name}`);
		const [least, most] = known.arity;
		if (given.length < least || given.length > most) {
			throw new ExpressionError(`The function ${name} does not take ${given.length} values`);
		}
		const parts = given.map(compile);
		return {
			type: typeof known.type === 'function' ? known.type(parts.map((p) => p.type)) : known.type,
			evaluate: (row) => {
				const later = parts.map<Argument>((part) => () => part.evaluate(row));
				return known.apply(later);
			},
		};
	};

	const compiled = compile(parse(text));
	return { ...compiled, columns: [...columns.values()] };
}

function parse(text: string): Node {
	if (text.trim() === '') throw new ExpressionError('The expression is empty');
	try {
		return jsep(text);
	} catch (error) {
		throw new ExpressionError(error instanceof Error ? error.message : 'It cannot be read');
	}
}

function literal(value: unknown): Compiled {
	const types: Record<string, ResultType> = { string: 'string', boolean: 'boolean' };
	const type = Number.isInteger(value) ? 'integer' : typeof value === 'number' ? 'number' : 'any';
	return { type: types[typeof value] ?? type, evaluate: () => value };
}

function fieldPath(node: Node): string[] {
	if (node.type === 'Identifier') return (node['path'] as string[]) ?? [String(node['name'])];
	const { computed, object, property } = node as jsep.MemberExpression;
	if (node.type !== 'MemberExpression' || computed) {
		throw new ExpressionError('A field is named by a path with dots');
	}
	return [...fieldPath(object), String(property['name'])];
}
