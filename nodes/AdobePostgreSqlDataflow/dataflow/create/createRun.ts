import { OneAtATime } from '../../../flowService/oneAtATime';
import { ReadOnce } from '../../../flowService/readOnce';

/** What the items of one execution of Create have in common. */
export class CreateRun {
	/** Two items of the same name must not both find nothing. */
	readonly byName = new OneAtATime();
	readonly readings = new ReadOnce();
}

export const newCreateRun = () => new CreateRun();
