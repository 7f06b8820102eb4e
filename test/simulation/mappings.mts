/** What goes where, in the form of the parameter Mappings. */
interface Mapping {
	source: string;
	destination: string;
	sourceType: 'ATTRIBUTE' | 'EXPRESSION';
}

const ID: Mapping = { source: 'id', destination: '_id', sourceType: 'ATTRIBUTE' };

/** The mappings that Update changes to, all from `public.orders` into the dataset Orders. */
export const MAPPINGS = {
	doubled: [ID, { source: 'total * 2', destination: '_emulator.total', sourceType: 'EXPRESSION' }],
	customers: [
		ID,
		{ source: 'customer_id', destination: '_emulator.customerId', sourceType: 'ATTRIBUTE' },
	],
} as const satisfies Record<string, readonly Mapping[]>;

export type MappingName = keyof typeof MAPPINGS;

export const MAPPING_NAMES = Object.keys(MAPPINGS) as MappingName[];
