import { query } from '../http/call.mts';
import { badRequest, PlatformError } from '../http/platformError.mts';
import { queryNumber } from '../http/queryNumber.mts';
import { type ApiRequest, pathId, Reply, type RouteTable } from '../http/routes.mts';
import { isVisible } from '../identity/caller.mts';
import { admitToData } from '../identity/platformAccess.mts';
import type { EmulatorState } from '../state.mts';
import type { StoredBatch } from './batchStore.mts';
import { viewBatch } from './batchView.mts';
import { rowErrorFiles, sampleOf } from './rowErrorFiles.mts';

const EXPORT = '/data/foundation/export/batches';
const FOLDER = 'row_errors';
/** flow-service-more.md 2.3: by default and at most. */
const MAX_PAGE = 100;
/** flow-service-more.md 2.3 */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** Batches, and the files about them: flow-service-more.md 2.2, 2.3. */
export const DATA_ACCESS_ROUTES: RouteTable = {
	'GET /data/foundation/catalog/batches/:id': getBatch,
	[`GET ${EXPORT}/:id/meta` as const]: getMeta,
};

function getBatch(state: EmulatorState, request: ApiRequest): object {
	const batch = find(state, request);
	return { [batch.id]: viewBatch(batch, state.settings.batchTags) };
}

/** A list of files, or one of them, by `path`. Errors have no documented body ⚠UNV. */
function getMeta(state: EmulatorState, request: ApiRequest): unknown {
	const batch = find(state, request);
	const { rowErrors, sampleErrors } = state.settings;
	const path = query(request).get('path') ?? '';
	const isKept = state.clock.now() - batch.completedAt <= KEPT_MS;
	const rejected = isKept ? batch.rejected : [];
	if (path === sampleErrors && rejected.length > 0) return asFile(sampleOf(rejected, rowErrors));
	const [folder, name, ...deeper] = path.split('/');
	const files = folder === FOLDER ? rowErrorFiles(rejected, rowErrors) : [];
	if (name === undefined && files.length > 0) return listFiles(state, request, batch, files);
	const file = deeper.length === 0 ? files.find((one) => one.name === name) : undefined;
	if (file === undefined) throw new PlatformError(404, `The path ${path} is not found.`);
	return asFile(file.text);
}

function asFile(text: string): Reply {
	return new Reply(200, text, { 'content-type': 'application/octet-stream' });
}

function listFiles(
	{ settings }: EmulatorState,
	request: ApiRequest,
	{ id }: StoredBatch,
	files: ReturnType<typeof rowErrorFiles>,
): object {
	const parameters = query(request);
	const limit = queryNumber(parameters, 'limit', MAX_PAGE);
	if (limit < 1 || limit > MAX_PAGE) throw badRequest('limit must be 1 to 100.');
	// ⚠UNV that it counts files.
	const start = queryNumber(parameters, 'start', 0);
	const page = files.slice(start, start + limit);
	// flow-service-more.md 2.3: with the port, and the path encoded.
	const origin = 'https://platform.adobe.io:443';
	return {
		data: page.map(({ name, text }) => {
			const bytes = Buffer.byteLength(text);
			const path = encodeURIComponent(`${FOLDER}/${name}`);
			return {
				name,
				length: settings.answerTypes === 'openapi' ? bytes : String(bytes),
				_links: { self: { href: `${origin}${EXPORT}/${id}/meta?path=${path}` } },
			};
		}),
		_page: { limit, count: page.length },
	};
}

/** The permission is ⚠UNV. @throws PlatformError 404 */
function find(state: EmulatorState, request: ApiRequest): StoredBatch {
	const caller = admitToData(
		state,
		request,
		'View Datasets',
		(status, detail) => new PlatformError(status, detail),
	);
	const id = pathId(request);
	const batch = state.batches.find(id);
	if (batch === undefined || !isVisible(batch, caller)) {
		throw new PlatformError(404, `The batch ${id} is not found.`);
	}
	return batch;
}
