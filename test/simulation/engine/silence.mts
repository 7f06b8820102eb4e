import { createRequire } from 'node:module';

/** n8n's log: even where it shows nothing, each line takes it a while to find out who has written it. */
export function silenceHost(): void {
	const fromCore = createRequire(createRequire(__filename).resolve('n8n-core'));
	const { Logger } = fromCore('@n8n/backend-common') as { Logger: { prototype: object } };
	const { Container } = fromCore('@n8n/di') as { Container: { get(type: unknown): object } };
	const quiet = () => {};
	const silent = { log: quiet, error: quiet, warn: quiet, info: quiet, debug: quiet };
	Object.assign(Logger.prototype, silent);
	Object.assign(Container.get(Logger), silent);
}
