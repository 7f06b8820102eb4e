import { asObject, jsonBody } from '../http/jsonBody.mts';
import { badRequest, PlatformError } from '../http/platformError.mts';
import type { ApiRequest, RouteTable } from '../http/routes.mts';
import { admitCaller } from '../identity/platformAccess.mts';
import type { EmulatorState } from '../state.mts';
import { compileExpression } from './expression.mts';
import { ExpressionError } from './expressionError.mts';
import { FUNCTIONS } from './functions.mts';
import { BINARY, LOGICAL, UNARY } from './operators.mts';

const PATH = '/data/foundation/conversion/languages/el';

/** The language of calculated fields: flow-service-more.md 3. */
export const LANGUAGE_ROUTES: RouteTable = {
	[`POST ${PATH}/validate` as const]: validateExpression,
	[`GET ${PATH}/functions` as const]: listFunctions,
	[`GET ${PATH}/operators` as const]: listOperators,
};

/** Adobe's guide to the endpoint shows the answer for a right expression; that for a wrong one is ⚠UNV. */
function validateExpression(state: EmulatorState, request: ApiRequest): object {
	admit(state, request);
	const expression = asObject(jsonBody(request))?.['expression'];
	if (typeof expression !== 'string') throw badRequest('The expression is missing.');
	try {
		compileExpression(expression);
		return { validationStatus: 'succeeded', error: 'none' };
	} catch (error) {
		if (!(error instanceof ExpressionError)) throw error;
		return { validationStatus: 'failed', error: error.message };
	}
}

/** The members of an entry are ⚠UNV. */
function listFunctions(state: EmulatorState, request: ApiRequest): object[] {
	admit(state, request);
	return [...FUNCTIONS].map(([name, { arity, type }]) => ({
		name,
		description: `The function ${name}`,
		minArguments: arity[0],
		...(Number.isFinite(arity[1]) && { maxArguments: arity[1] }),
		returnType: typeof type === 'string' ? type : 'any',
	}));
}

/** As above ⚠UNV. */
function listOperators(state: EmulatorState, request: ApiRequest): object[] {
	admit(state, request);
	return [...new Set([...BINARY.keys(), ...LOGICAL, ...UNARY.keys()])].map((name) => ({ name }));
}

function admit(state: EmulatorState, request: ApiRequest): void {
	admitCaller(state, request, {
		permission: 'View Sources',
		allows: ({ permissions }) => permissions.includes('read'),
		sandboxRequired: true,
		reject: (status, detail) => new PlatformError(status, detail),
	});
}
