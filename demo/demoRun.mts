import type { Progress } from '../e2e/n8n/progress.mts';
import type { Stage } from '../e2e/n8n/stage.mts';
import type { Teardown } from '../e2e/n8n/teardown.mts';

/** What a way of running the demo gets to work with. */
export interface DemoRun {
	stage: Stage;
	teardown: Teardown;
	progress: Progress;
}
