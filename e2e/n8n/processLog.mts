/** One line of a log in n8n's JSON format (`N8N_LOG_FORMAT=json`). */
export interface LogEntry {
	level: string;
	message: string;
	/** The line as it was printed. */
	line: string;
}

/** Everything a process printed, kept in memory so that it can be searched. */
export class ProcessLog {
	private readonly chunks: string[] = [];

	/** @param chunk a piece of output, not necessarily whole lines */
	append(chunk: string): void {
		this.chunks.push(chunk);
	}

	/** Everything so far. */
	get text(): string {
		return this.chunks.join('');
	}

	/** Lines so far, empty ones left out. */
	get lines(): string[] {
		return this.text.split('\n').filter((line) => line.trim() !== '');
	}

	/** The last lines, for an error message. */
	tail(count = 15): string {
		return this.lines.slice(-count).join('\n');
	}

	/** The lines that are n8n's own log entries; what a library prints by itself is not among them. */
	entries(): LogEntry[] {
		return this.lines.flatMap((line) => {
			try {
				const { level, message } = JSON.parse(line) as Partial<LogEntry>;
				return level === undefined ? [] : [{ level, message: String(message), line }];
			} catch {
				return [];
			}
		});
	}
}
