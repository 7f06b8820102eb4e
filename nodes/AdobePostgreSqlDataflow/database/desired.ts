import type { FlowOptions } from '../../adobe/dataflows';
import type { NewDatasetWanted } from '../dataflow/create/datasetParameters';
import type { WantedMapping } from '../dataflow/create/mappingParameters';
import type { WantedSchedule } from '../dataflow/schedule';

/** What becomes of a column that the table did not have when its dataflow was made. */
export type NewColumns = 'ignore' | 'add' | 'stop';

/** How a table should be loaded. What is undefined may be as it is. */
export interface Desired {
	/** The base connection. */
	connectionId: string;
	/** As explore names it. */
	table: string;
	/** Of the dataflow. */
	name: string;
	description?: string;
	/** A dataset is known by its name; where there is none, it is made from the table. */
	dataset: NewDatasetWanted;
	mapping: WantedMapping;
	schedule: WantedSchedule;
	options: FlowOptions;
	newColumns: NewColumns;
	/** Whether it runs; undefined: as it is. */
	enabled?: boolean;
	/** Whether a dataflow that this package did not make may be changed. */
	takeOver: boolean;
	/** Whether the dataflow is to go. */
	remove: boolean;
}
