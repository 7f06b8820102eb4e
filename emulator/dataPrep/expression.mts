import jsep from 'jsep';
import type { FieldType } from '../schemaRegistry/xdmField.mts';
import { ExpressionError } from './expressionError.mts';
import { type Argument, FUNCTIONS } from './functions.mts';
import { BINARY, isTrue, LOGICAL, UNARY } from './operators.mts';
import { readColumn } from './readColumn.mts';

/** What an expression gives; `any` where only the row decides. */
export type ResultType = FieldType | 'any';

/** A calculated field, ready to be applied to rows. */
export interface Expression {
	/** @throws Error for a column that the row does not have, or a value that does not fit */
	evaluate(row: Record<string, unknown>): unknown;
	type: ResultType;
	/** The columns that it reads. */
	columns: string[];
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

// Data Prep's functions guide: a name that is not an identifier is written in `${…}`.
jsep.hooks.add('gobble-token', function (env) {
	if (this.expr.slice(this.index, this.index + 2) !== '${') return;
	const end = this.expr.indexOf('}', this.index);
	const name = this.expr.slice(this.index + 2, end);
	if (end === -1 || name.trim() === '') this.throwError('Unclosed ${');
	this.index = end + 1;
	env.node = { type: 'Identifier', name };
});

/**
 * Reads an expression of Data Prep: flow-service.md 6.1, `EXPRESSION`. What is not a part of the
 * language that the emulator knows is rejected, not ignored.
 *
 * @param typeOf type of a column, where it is known
 * @throws ExpressionError
 */
export function compileExpression(
	text: string,
	typeOf: (column: string) => ResultType = () => 'any',
): Expression {
	const columns = new Set<string>();

	const compile = (node: Node): Compiled => {
		switch (node.type) {
			case 'Literal':
				return literal((node as jsep.Literal).value);
			case 'Identifier':
			case 'MemberExpression':
				return column(pathOf(node));
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
	const column = (name: string): Compiled => {
		columns.add(name);
		return { type: typeOf(name), evaluate: (row) => readColumn(row, name) };
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
	return { ...compiled, columns: [...columns] };
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

function pathOf(node: Node): string {
	if (node.type === 'Identifier') return String(node['name']);
	const { computed, object, property } = node as jsep.MemberExpression;
	if (node.type !== 'MemberExpression' || computed) {
		throw new ExpressionError('A field is named by a path with dots');
	}
	return `${pathOf(object)}.${String(property['name'])}`;
}
