import type { FlowOptions } from '../../../adobe/dataflows';
import type { WantedDataset } from './datasetParameters';
import type { IfExists } from './ifExists';
import type { WantedMapping } from './mappingParameters';
import type { WantedSchedule } from '../schedule';

/** The dataflow that an item asks for. */
export interface WantedDataflow {
	name: string;
	/** '' for none; undefined where it may be as it is. */
	description?: string;
	/** The base connection. */
	connectionId: string;
	/** As explore names it. */
	table: string;
	dataset: WantedDataset;
	mapping: WantedMapping;
	schedule: WantedSchedule;
	options?: FlowOptions;
	ifExists: IfExists;
}
