import { Reply, type RouteTable } from '../http/routes.mts';
import type { EmulatorState } from '../state.mts';
import { readContents } from './contents.mts';
import { PAGE_HEADERS, renderPage } from './frame.mts';
import { renderContents } from './sections.mts';

/** A page for people; who may load it is decided in `http/traffic.mts`, as for the control plane. */
export const PAGE_ROUTES: RouteTable = { 'GET /': showPage };

function showPage(state: EmulatorState): Reply {
	const contents = readContents(state);
	return new Reply(200, renderPage(contents.orgId, renderContents(contents)), PAGE_HEADERS);
}
