import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	OnError,
} from 'n8n-workflow';

import type { Emulator, RecordedRequest } from '../../emulator/emulator.mts';
import { AdobePostgreSqlConnection } from '../../nodes/AdobePostgreSqlConnection/AdobePostgreSqlConnection.node';
import { connectionStringCredential, imsCredential } from './adobe.mts';
import type { Wired } from './core.mts';
import { executeNode, wire } from './core.mts';

export interface NodeSetup {
	ims?: ICredentialDataDecryptedObject;
	source?: ICredentialDataDecryptedObject;
	onError?: OnError;
	retryOnFail?: boolean;
	next?: INodeParameters;
}

/** The Connection node wired to an emulator; the source credential is the sample database's. */
export function wireConnectionNode(
	emulator: Emulator,
	parameters: INodeParameters,
	setup: NodeSetup = {},
): Wired {
	return wire({
		nodeType: new AdobePostgreSqlConnection(),
		parameters: { resource: 'connection', ...parameters },
		credentials: {
			ims: imsCredential(emulator, setup.ims),
			source: setup.source ?? connectionStringCredential(emulator.postgres),
		},
		...setup,
	});
}

/** Runs the Connection node alone; the items it returns. */
export async function runConnectionNode(
	emulator: Emulator,
	parameters: INodeParameters,
	setup: NodeSetup = {},
	items: INodeExecutionData[] = [{ json: {} }],
): Promise<INodeExecutionData[]> {
	return await executeNode(wireConnectionNode(emulator, parameters, setup), items);
}

/** What a node threw, with the members that a user sees. */
export interface Thrown {
	message: string;
	description: string;
	httpCode?: string | null;
	context: { itemIndex?: number; data?: IDataObject };
	/** Everything that n8n could store of it. */
	whole: string;
}

export async function thrownBy(run: () => Promise<unknown>): Promise<Thrown> {
	try {
		await run();
	} catch (error) {
		const thrown = error as Thrown & Error;
		return {
			message: thrown.message,
			description: thrown.description ?? '',
			httpCode: thrown.httpCode,
			context: thrown.context,
			whole: wholeTextOf(thrown),
		};
	}
	throw new Error('The node did not throw');
}

/** All own members of a value and of what hangs on it, hidden ones included, as one text. */
export function wholeTextOf(value: unknown, seen = new Set<unknown>()): string {
	if (typeof value !== 'object' || value === null) return String(value);
	if (seen.has(value)) return '';
	seen.add(value);
	return Object.getOwnPropertyNames(value)
		.filter((name) => name !== 'node')
		.map((name) => `${name}: ${wholeTextOf((value as Record<string, unknown>)[name], seen)}`)
		.join('\n');
}

/** The requests that reached Flow Service, oldest first. */
export function flowServiceRequests(emulator: Emulator): RecordedRequest[] {
	return emulator.journal.filter(({ path }) => path.startsWith('/data/foundation/flowservice/'));
}

/** Those with one method. */
export function requestsBy(emulator: Emulator, method: string): RecordedRequest[] {
	return flowServiceRequests(emulator).filter((request) => request.method === method);
}
