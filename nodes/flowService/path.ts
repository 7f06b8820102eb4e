/** Where Flow Service lives on the platform's origin. */
export const FLOW_SERVICE = ['data', 'foundation', 'flowservice'] as const;
