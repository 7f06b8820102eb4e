import type { Failure } from 'n8n-workflow';

import { HOW_TO_ADD_IO_MANAGEMENT } from '../auth/eventAccess';
import type { PlatformRequest } from '../request';

/** What Adobe I/O Events means with a status; it has no codes of its own. */
export function explainEventStatus(
	{ subject }: PlatformRequest,
	status: number,
): { message: string; advice: string; failure: Failure } | undefined {
	switch (status) {
		case 401:
			return {
				message: 'Adobe I/O Events does not accept the access token',
				advice: `Check 'Scopes' and 'Environment' of the credential. ${HOW_TO_ADD_IO_MANAGEMENT}`,
				failure: { cause: 'credential-invalid' },
			};
		case 403:
			return {
				message: 'The credential is not allowed to manage event registrations',
				advice: HOW_TO_ADD_IO_MANAGEMENT,
				failure: { cause: 'credential-invalid' },
			};
		case 404:
			return {
				message: `${subject ?? 'What was asked for'} was not found at Adobe I/O Events`,
				advice:
					"Download the project again in the Adobe Developer Console and paste it into the credential's 'Developer Console Project'.",
				failure: { cause: 'configuration-invalid' },
			};
		default:
			return undefined;
	}
}
