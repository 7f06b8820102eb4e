import type { FlowOptions } from '../../../adobe/dataflows';
import type { WantedDataset } from './datasetParameters';
import type { WantedMapping } from './mappingParameters';
import type { WantedSchedule } from '../schedule';

/** The dataflow that an item asks for. */
export interface WantedDataflow {
	name: string;
	description?: string;
	/** The base connection. */
	connectionId: string;
	/** As explore names it. */
	table: string;
	dataset: WantedDataset;
	mapping: WantedMapping;
	schedule: WantedSchedule;
	options?: FlowOptions;
}
