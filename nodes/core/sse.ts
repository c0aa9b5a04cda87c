/**
 * Server-sent events from bytes in pieces of any size (WHATWG HTML, 9.2.6): UTF-8 that is cut inside of a character,
 * lines that end in CRLF, LF or CR, data over several lines, and comments. Unlike a browser it gives the last event
 * also when the blank line behind it is missing: servers leave it out (wire facts, "Design consequences" 19).
 * Never throws on any bytes; what comes out does not depend on how they were cut.
 */
export class EventReader {
	private readonly decoder = new TextDecoder();

	/** Of the current line, what has come so far. */
	private line = '';

	/** A line ended in CR: an LF that follows belongs to it. */
	private endedInCr = false;

	private data: string[] = [];

	/** The data of the events that these bytes complete. */
	push(bytes: Uint8Array): string[] {
		return this.readText(this.decoder.decode(bytes, { stream: true }));
	}

	/** The data of the event that the end cut short, if there is one. */
	end(): string[] {
		return [...this.readText(this.decoder.decode()), ...this.readLine(this.line), ...this.readLine('')];
	}

	private readText(text: string): string[] {
		const isRestOfCrLf = this.endedInCr && text.startsWith('\n');
		if (text !== '') this.endedInCr = text.endsWith('\r');
		const lines = text.slice(isRestOfCrLf ? 1 : 0).split(/\r\n|\r|\n/);
		const last = lines.pop()!;
		const events: string[] = [];
		for (const line of lines) {
			events.push(...this.readLine(this.line + line));
			this.line = '';
		}
		this.line += last;
		return events;
	}

	private readLine(line: string): string[] {
		if (line === '') {
			const events = this.data.length > 0 ? [this.data.join('\n')] : [];
			this.data = [];
			return events;
		}
		if (line === 'data') this.data.push('');
		if (line.startsWith('data:')) this.data.push(line.slice(line[5] === ' ' ? 6 : 5));
		return [];
	}
}

/**
 * Whether the data of an event are the terminator of a chat stream: `[DONE]`, or what sora2api writes after a 429, the
 * characters `[DONE]\n\n` with their backslashes (wire facts 3.1).
 */
export function isDone(data: string): boolean {
	return /^\[DONE\](\s|\\n)*$/.test(data);
}
