import { switchOperation } from './switchState';

export const enable = switchOperation('enable', {
	name: 'Enable',
	action: 'Enable a dataflow',
	description: 'Let a dataflow run on its schedule again; one that is enabled is left as it is',
});
