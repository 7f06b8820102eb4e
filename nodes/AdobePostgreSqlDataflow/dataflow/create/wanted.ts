import type { FlowOptions } from '../../../flowService/flows';
import type { WantedDataset } from './dataset';
import type { WantedMapping } from './mapping';
import type { WantedSchedule } from './schedule';

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
