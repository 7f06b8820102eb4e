/** An expression that cannot be read: it says what is wrong with it. */
export class ExpressionError extends Error {}
