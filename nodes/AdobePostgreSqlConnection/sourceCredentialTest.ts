import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import type { BasicAuthFields } from '../postgresql/basicAuth';
import { checkBasicAuth } from '../postgresql/basicAuth';
import { readDetails } from '../postgresql/pastedDetails';
import type { Problem } from '../postgresql/problem';
import type { ServerReach } from '../postgresql/serverReach';
import { reachOf } from '../postgresql/serverReach';

const CONFIRMATIONS: Readonly<Record<ServerReach, { message: string }>> = {
	public: {
		message: 'The format is right. Use Test in the node to check that Adobe can log in.',
	},
	privateNetwork: {
		message:
			'The format is right, but the server looks like one in a private network: Adobe, not n8n, connects to the database. Use Test in the node to check that Adobe can log in.',
	},
	// Whether "Adobe" is an emulator on this machine is known to the node only, which refuses it otherwise.
	thisMachine: {
		message:
			'The format is right, but the server is this machine (localhost): Adobe, not n8n, connects to the database, so this works only with an emulator on this machine. Use Test in the node to check the login.',
	},
};

/**
 * The test of the credential "PostgreSQL Source (for Adobe) API": form only. n8n does not connect to
 * the database; only Adobe does, and the operation Test shows whether it can.
 */
export async function testSourceCredential(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const read = readServer(credential.data ?? {});
	return typeof read === 'string'
		? { status: 'OK', ...CONFIRMATIONS[reachOf(read)] }
		: { status: 'Error', message: `${read.message} ${read.hint}` };
}

/** The server of the details, or what is wrong with them. */
function readServer(data: ICredentialDataDecryptedObject): string | Problem {
	if (data.authMode === 'basic') {
		const fields = data as unknown as BasicAuthFields;
		return checkBasicAuth(fields) ?? fields.server;
	}
	const reading = readDetails(
		typeof data.connectionString === 'string' ? data.connectionString : '',
	);
	return reading.ok ? reading.details.server : reading.problem;
}
