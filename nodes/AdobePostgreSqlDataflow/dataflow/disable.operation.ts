import { switchOperation } from './switchState';

export const disable = switchOperation('disable', {
	name: 'Disable',
	action: 'Disable a dataflow',
	description: 'Stop the runs of a dataflow, which keeps its schedule; Enable lets it run again',
});
