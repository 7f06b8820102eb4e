/**
 * Adobe's error codes that are about one particular thing, for the texts of requests (`explain.ts`) and
 * of the credential's test (`credentialTest.ts`). Numbers are the gateway's.
 * Sources: Adobe's gateway module and the Flow Service error catalogue.
 */
export const ERROR_CODES = {
	apiKey: ['403000', '403003'],
	organizationAtGateway: ['400003', '403023', '403025'],
	organizationAtService: ['FLOW-2000-401', 'FLOW-2001-401', 'FLOW-2002-401'],
	token: ['403010', '403011', '403020'],
	address: ['403012', '403013'],
	sandbox: ['FLOW-2100-404', 'FLOW-2101-404', 'FLOW-2103-404', 'FLOW-2106-404'],
	inUse: ['FLOW-1418-400', 'FLOW-1447-400'],
	wrongState: ['FLOW-1422-400'],
	permission: ['FLOW-2118-403', 'FLOW-2120-403', 'FLOW-2121-403'],
} as const satisfies Record<string, readonly string[]>;
