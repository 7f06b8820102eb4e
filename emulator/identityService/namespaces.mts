import type { RouteTable } from '../http/routes.mts';
import { PlatformError } from '../http/platformError.mts';
import { admitToData } from '../identity/platformAccess.mts';

/** A kind of identity: flow-service-more.md 6.1; the members are those of Identity Service's samples. */
export interface Namespace {
	id: number;
	code: string;
	name: string;
	description: string;
	idType: 'COOKIE' | 'CROSS_DEVICE' | 'DEVICE' | 'EMAIL' | 'NON_PEOPLE' | 'PHONE';
	status: 'ACTIVE' | 'DEPRECATED';
	custom: boolean;
}

/** Some of Adobe's own, and those that an organization has added; the same in all sandboxes ⚠UNV. */
export const NAMESPACES: readonly Namespace[] = [
	standard(4, 'ECID', 'ECID', 'COOKIE'),
	standard(6, 'Email', 'Email', 'EMAIL'),
	standard(7, 'Phone', 'Phone', 'PHONE'),
	standard(11, 'Email_LC_SHA256', 'Emails (SHA256, lowercased)', 'EMAIL'),
	standard(20914, 'GAID', 'Google Ad ID (GAID)', 'DEVICE'),
	standard(20915, 'IDFA', 'Apple IDFA (ID for Advertisers)', 'DEVICE'),
	own(10_000_001, 'CRMID', 'CRM ID', 'CROSS_DEVICE'),
	own(10_000_002, 'Product', 'Product', 'NON_PEOPLE'),
	{ ...own(10_000_003, 'OldCRM', 'CRM ID (old)', 'CROSS_DEVICE'), status: 'DEPRECATED' },
];

/** Identity Service, as far as its namespaces go: `identity-service.yaml`. */
export const NAMESPACE_ROUTES: RouteTable = {
	'GET /data/core/idnamespace/identities': (state, request) => {
		admitToData(
			state,
			request,
			'View Identity Namespaces',
			(status, detail) => new PlatformError(status, detail),
		);
		return NAMESPACES.map((one) => ({
			...one,
			createTime: 1_551_688_425_455,
			updateTime: 1_551_688_425_455,
		}));
	},
};

/**
 * @param by `xdm:code` for its code, `xdm:id` for its ID
 */
export function isNamespace(value: unknown, by: unknown): boolean {
	if (by !== 'xdm:code' && by !== 'xdm:id') return false;
	return NAMESPACES.some(({ code, id }) => value === (by === 'xdm:code' ? code : String(id)));
}

function standard(id: number, code: string, name: string, idType: Namespace['idType']): Namespace {
	return { id, code, name, description: name, idType, status: 'ACTIVE', custom: false };
}

function own(id: number, code: string, name: string, idType: Namespace['idType']): Namespace {
	return { ...standard(id, code, name, idType), custom: true };
}
