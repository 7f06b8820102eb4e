import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { listSslModes } from '../../adobe/connectionSpec';
import { withClient } from '../../locators/editorClient';
import { SSL_MODES } from '../../postgresql/sslMode';
import { cloudParameter } from '../connection/parameters';

/**
 * The values of SSL Mode: those of the live connection spec, or the documented ones where it
 * lists none or can't be read (Adobe's documents disagree on their spelling).
 */
export async function getSslModes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const documented = documentedFor(this.getCurrentNodeParameter(cloudParameter.name));
	try {
		const listed = await withClient(this, listSslModes);
		if (listed.length === 0) return [...documented];
		const known = new Map(documented.map((option) => [option.value, option]));
		return listed.map((value) => known.get(value) ?? { name: value, value });
	} catch {
		return [...documented];
	}
}

/** Those of both clouds as long as the cloud is an expression. */
function documentedFor(cloud: unknown): readonly INodePropertyOptions[] {
	if (cloud === 'aws') return SSL_MODES.aws;
	return cloud === 'azure' ? SSL_MODES.azure : [...SSL_MODES.azure, ...SSL_MODES.aws];
}
