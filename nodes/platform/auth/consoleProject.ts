import { UserError } from 'n8n-workflow';

import { asRecord, recordsOf, textOf } from '../json';

/** What a project of the Adobe Developer Console says about itself; Adobe I/O Events is addressed by its IDs. */
export interface ConsoleProject {
	/** Of the organization, without `@AdobeOrg`: Adobe I/O calls it the consumer organization. */
	organizationId: string;
	projectId: string;
	workspaceId: string;
	/** Of the OAuth Server-to-Server credential that is used; absent where the JSON does not name it. */
	credentialId?: string;
	/** The names of the APIs in the project; absent where the JSON does not list them. */
	apis?: string[];
}

/** What the editor calls the field; every text does. */
export const PROJECT_FIELD = 'Developer Console Project';

const HINT =
	'In the Adobe Developer Console, open the project, choose Download, and paste the whole file here. It begins with {"project":…';

/** IDs are parts of an address, so only what needs no encoding there. */
const ID = /^[A-Za-z0-9_-]{1,100}$/;

/**
 * Reads the JSON that the console offers for download (Adobe I/O Events, "Using the API").
 *
 * @param value of the credential's field
 * @param client whose project it has to be
 * @returns undefined for an empty field
 * @throws UserError that says what is wrong with it, and never repeats the value: it holds a secret
 */
export function readConsoleProject(
	value: unknown,
	client: { clientId: string; orgId: string },
): ConsoleProject | undefined {
	if (value === undefined || value === '') return undefined;
	const json = typeof value === 'string' ? parse(value) : value;
	if (json === '') return undefined;
	const project = asRecord(asRecord(json)?.project);
	const organization = asRecord(project?.org);
	const workspace = asRecord(project?.workspace);
	const ids = [organization?.id, project?.id, workspace?.id].map(idOf);
	const [organizationId, projectId, workspaceId] = ids;
	if (organizationId === undefined || projectId === undefined || workspaceId === undefined) {
		throw new UserError(`The credential's '${PROJECT_FIELD}' is not the JSON of a project`, {
			description: HINT,
		});
	}
	const imsOrgId = textOf(organization?.ims_org_id);
	if (imsOrgId !== undefined && imsOrgId !== client.orgId) {
		throw new UserError(
			`The credential's '${PROJECT_FIELD}' belongs to another organization than 'Organization ID'`,
			{ description: HINT },
		);
	}
	const details = asRecord(workspace?.details);
	const apis = recordsOf(details?.services).flatMap(({ name }) => textOf(name) ?? []);
	return {
		organizationId,
		projectId,
		workspaceId,
		credentialId: credentialIdOf(recordsOf(details?.credentials), client.clientId),
		apis: apis.length === 0 ? undefined : apis,
	};
}

/** @throws UserError where the project's credentials are others than the one that signs in */
function credentialIdOf(
	credentials: ReadonlyArray<Record<string, unknown>>,
	clientId: string,
): string | undefined {
	const known = credentials.flatMap((credential) => {
		const type = textOf(credential.integration_type) ?? '';
		const client = textOf(asRecord(credential[type])?.client_id);
		return client === undefined ? [] : [{ id: idOf(credential.id), client }];
	});
	const own = known.find(({ client }) => client === clientId);
	if (own === undefined && known.length > 0) {
		throw new UserError(
			`The credential's '${PROJECT_FIELD}' is of another project than 'Client ID'`,
			{ description: HINT },
		);
	}
	return own?.id;
}

/** Adobe writes IDs as strings; a number means the same. */
function idOf(value: unknown): string | undefined {
	const text = typeof value === 'number' ? String(value) : textOf(value)?.trim();
	return text !== undefined && ID.test(text) ? text : undefined;
}

function parse(text: string): unknown {
	const trimmed = text.trim();
	if (trimmed === '') return '';
	try {
		return JSON.parse(trimmed);
	} catch {
		return undefined;
	}
}
