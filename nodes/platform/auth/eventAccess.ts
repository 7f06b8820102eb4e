import { Problem } from '../errors/problem';
import type { ConsoleProject } from './consoleProject';
import type { EventOrigins, ImsSettings } from './credential';

/** In the words of the Developer Console. */
const IO_MANAGEMENT = 'I/O Management API';

/** The scope that Adobe names as necessary for it. */
const IO_SCOPE = 'adobeio_api';

/** @throws Problem where the credential does not name it */
export function consoleProjectOf({ project }: ImsSettings, operation: string): ConsoleProject {
	if (project !== undefined) return project;
	throw new Problem("The credential's 'Developer Console Project' is empty", {
		advice:
			'In the Adobe Developer Console, open the project, choose Download, and paste the whole file into that field; or register by hand.',
		details: { operation },
		failure: { cause: 'credential-invalid' },
	});
}

/** @throws Problem for a custom environment without an address for events */
export function eventOriginsOf({ events }: ImsSettings, operation: string): EventOrigins {
	if (events !== undefined) return events;
	throw new Problem("The credential's 'I/O URL' is empty", {
		advice:
			"With 'Environment' Custom, events need the address of Adobe I/O Events: enter its scheme, host and port in the credential.",
		details: { operation },
		failure: { cause: 'credential-invalid' },
	});
}

/** The hosts that requests may be sent to, that of the API first; none where the credential names none. */
export function eventOriginsIn({ events }: ImsSettings): readonly string[] {
	return events === undefined ? [] : [events.apiOrigin, ...events.journalOrigins];
}

/** How to let the credential manage registrations; the advice of every "not allowed" error of Adobe I/O. */
export const HOW_TO_ADD_IO_MANAGEMENT = `${addIoManagement()} Without it, register by hand.`;

/** The same where there is no other way. */
export function addIoManagement(): string {
	return `In the Adobe Developer Console, add the ${IO_MANAGEMENT} to the project that 'Client ID' belongs to, and ${IO_SCOPE} to the credential's 'Scopes'.`;
}
