import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import type { BasicAuthFields } from '../postgresql/basicAuth';
import { checkBasicAuth } from '../postgresql/basicAuth';
import { checkConnectionString } from '../postgresql/connectionString';

/**
 * The test of the credential "PostgreSQL Source (for Adobe) API": form only. n8n does not connect to
 * the database; only Adobe does, and the operation Test shows whether it can.
 */
export async function testSourceCredential(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted<ICredentialDataDecryptedObject>,
): Promise<INodeCredentialTestResult> {
	const problem = findProblem(credential.data ?? {});
	return problem === undefined
		? {
				status: 'OK',
				message:
					'The form is right. Whether Adobe reaches the database is shown by the operation Test.',
			}
		: { status: 'Error', message: problem };
}

function findProblem(data: ICredentialDataDecryptedObject): string | undefined {
	const text = typeof data.connectionString === 'string' ? data.connectionString.trim() : '';
	const problem =
		data.authMode === 'basic'
			? checkBasicAuth(data as unknown as BasicAuthFields)
			: checkConnectionString(text);
	return problem && `${problem.message} ${problem.hint}`;
}
