import type { FastifyRequest } from 'fastify';
import { header } from '../http/call.mts';
import { XdmError } from './xdmErrors.mts';

/** How a resource in a list is shown. */
export type ListForm = 'xed-id' | 'xed';
/** How one resource is shown. */
export type LookupForm = 'xed' | 'xed-full' | 'xed-notext' | 'xed-full-notext' | 'xed-full-desc';

const TITLE = 'Accept header invalid';

/**
 * flow-service.md 6.3: for a list, without a version; the `xdm` family is valid beside `xed`, 12 (8).
 *
 * @throws XdmError 1006, also without the header
 */
export function listForm(request: FastifyRequest): ListForm {
	const accept = header(request, 'accept') ?? '';
	const form = /^application\/vnd\.adobe\.(?:xed|xdm)(|-id|-link)\+json$/.exec(accept)?.[1];
	// What `link` shows for a resource other than a descriptor is ⚠UNV; here it is the ID.
	if (form !== undefined) return form === '' ? 'xed' : 'xed-id';
	throw new XdmError(
		'XDM-1006-400',
		TITLE,
		`The supplied Accept header is not valid: ${accept} - A valid Accept value should look like application/vnd.adobe.{xed|xdm}+json`,
	);
}

/**
 * flow-service.md 6.3: a lookup needs a version, and here there is only the first one.
 *
 * @throws XdmError 1007, also without the header; 406 for another version, its number is ⚠UNV
 */
export function lookupForm(request: FastifyRequest): LookupForm {
	const accept = header(request, 'accept') ?? '';
	const [, form, version] =
		/^application\/vnd\.adobe\.(?:xed|xdm)(|-full|-notext|-full-notext|-full-desc)\+json\s*;\s*version=(\S+)$/.exec(
			accept,
		) ?? [];
	if (form === undefined || version === undefined) {
		throw new XdmError(
			'XDM-1007-400',
			TITLE,
			`The supplied Accept header is not valid: ${accept} - A valid Accept value should look like application/vnd.adobe.{xed|xed-full|xdm|xdm-full}+json; version={version}`,
		);
	}
	if (version !== '1' && version !== '1.0') {
		throw new XdmError(
			'XDM-1008-406',
			'Not Acceptable',
			`The version ${version} is not available.`,
		);
	}
	return `xed${form}` as LookupForm;
}
