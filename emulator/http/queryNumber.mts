import { badRequest } from './platformError.mts';

/**
 * A whole number in the query.
 *
 * @param otherwise its value when it was not sent
 * @throws PlatformError 400 for anything but a whole number
 */
export function queryNumber(parameters: URLSearchParams, name: string, otherwise: number): number {
	const text = parameters.get(name);
	if (text === null) return otherwise;
	if (!/^\d{1,9}$/.test(text)) throw badRequest(`${name} must be a whole number.`);
	return Number(text);
}
