import type {
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
} from 'n8n-workflow';

/** A file that an output item holds beside its JSON. */
export interface TextFile {
	/** The item's binary field that holds it. */
	field: string;
	fileName: string;
	mimeType: string;
	text: string;
}

/**
 * Adds the files to the items that have any. They are made from the JSON as it is shown, so that a file
 * holds no secret that the JSON does not hold.
 */
export async function addFiles(
	context: IExecuteFunctions,
	items: INodeExecutionData[],
	filesOf: (json: IDataObject) => TextFile[],
): Promise<INodeExecutionData[]> {
	const withFiles: INodeExecutionData[] = [];
	for (const item of items) {
		const files = filesOf(item.json);
		if (files.length === 0) {
			withFiles.push(item);
			continue;
		}
		const binary: IBinaryKeyData = {};
		for (const { field, fileName, mimeType, text } of files) {
			const content = Buffer.from(text, 'utf8');
			binary[field] = await context.helpers.prepareBinaryData(content, fileName, mimeType);
		}
		withFiles.push({ ...item, binary });
	}
	return withFiles;
}
