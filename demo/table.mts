/**
 * A table as plain text, columns as wide as their widest cell.
 *
 * @param rows cells by row; a missing cell is empty
 */
export function formatTable(header: string[], rows: string[][]): string {
	const widths = header.map((title, column) =>
		Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
	);
	const line = (cells: string[]) =>
		widths
			.map((width, column) => (cells[column] ?? '').padEnd(width))
			.join('  ')
			.trimEnd();
	return [line(header), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join(
		'\n',
	);
}
