import { readConsoleProject } from '../../../nodes/platform/auth/consoleProject.ts';
import { readImsSettings, resolveEventOrigins } from '../../../nodes/platform/auth/credential.ts';
import { credential, thrownBy } from './settings.mts';

const CLIENT = { clientId: 'client', orgId: '0123@AdobeOrg' };
const SECRET = 'p8e-secret-of-the-project';

function json(changes: { client?: string; org?: string; project?: object } = {}): object {
	return {
		project: {
			id: '4566206088344617170',
			org: { id: '123456', ims_org_id: changes.org ?? CLIENT.orgId },
			workspace: {
				id: '4566206088344617171',
				details: {
					credentials: [
						{ id: '9', integration_type: 'apikey', apikey: { client_id: 'other' } },
						{
							id: '17606',
							integration_type: 'oauth_server_to_server',
							oauth_server_to_server: {
								client_id: changes.client ?? CLIENT.clientId,
								client_secrets: [SECRET],
							},
						},
					],
					services: [{ name: 'Experience Platform API' }, { name: 'I/O Management API' }],
				},
			},
			...changes.project,
		},
	};
}

describe("The project's JSON in the credential", () => {
	it('gives the IDs that events are addressed by', () => {
		const expected = {
			organizationId: '123456',
			projectId: '4566206088344617170',
			workspaceId: '4566206088344617171',
			credentialId: '17606',
			apis: ['Experience Platform API', 'I/O Management API'],
		};
		expect(readConsoleProject(`\n${JSON.stringify(json())} `, CLIENT)).toEqual(expected);
		// By expression it may come as an object.
		expect(readConsoleProject(json(), CLIENT)).toEqual(expected);
	});

	it('may be left empty, and may lack what only names the credential', () => {
		expect(readConsoleProject('', CLIENT)).toBeUndefined();
		expect(readConsoleProject('  ', CLIENT)).toBeUndefined();
		const small = { project: { id: 1, org: { id: 2 }, workspace: { id: 3 } } };
		expect(readConsoleProject(JSON.stringify(small), CLIENT)).toEqual({
			organizationId: '2',
			projectId: '1',
			workspaceId: '3',
		});
	});

	it.each([
		['no JSON', `{"project": ${SECRET}`],
		['other JSON', JSON.stringify({ client_secret: SECRET })],
		['a list', '[]'],
		['an ID that would leave the address', JSON.stringify(json({ project: { id: '../x' } }))],
		['no workspace', JSON.stringify(json({ project: { workspace: { secret: SECRET } } }))],
		['another organization', JSON.stringify(json({ org: 'FFFF@AdobeOrg' }))],
		['another credential', JSON.stringify(json({ client: 'somebody' }))],
	])('is refused by name for %s, without a word of it', async (_what, value) => {
		const error = await thrownBy(() => readConsoleProject(value, CLIENT));
		expect(error.message).toContain("'Developer Console Project'");
		expect(error.description).toMatch(/Download/);
		expect(JSON.stringify(error)).not.toContain(SECRET);
	});

	it('is read with the credential', () => {
		const { project } = readImsSettings(
			credential({
				projectSecretJson: JSON.stringify({
					project: { id: '1', org: { id: '2' }, workspace: { id: '3' } },
				}),
			}),
		);
		expect(project?.workspaceId).toBe('3');
	});
});

describe('The hosts of Adobe I/O Events', () => {
	it.each(['production', 'stage', undefined])('are fixed for %s', (environment) => {
		expect(resolveEventOrigins(environment, 'https://evil.example')).toEqual({
			apiOrigin: 'https://api.adobe.io',
			journalOrigins: ['https://events.adobe.io', 'https://events-va6.adobe.io'],
			keysOrigin: 'https://static.adobeioevents.com',
			challengeOrigin: 'https://csm.adobe.io',
		});
	});

	it('are one host of its own for Custom, or none', async () => {
		const origin = 'http://127.0.0.1:8080';
		expect(resolveEventOrigins('custom', `${origin}/`)).toEqual({
			apiOrigin: origin,
			journalOrigins: [],
			keysOrigin: origin,
			challengeOrigin: origin,
		});
		expect(resolveEventOrigins('custom', '')).toBeUndefined();
		const error = await thrownBy(() => resolveEventOrigins('custom', 'http://n8n.example'));
		expect(error.message).toBe("The credential's 'I/O URL' does not use https");
	});
});
