import { sleep } from 'n8n-workflow';

import { GenerationError } from '../core/errors';
import type { BodyText, ResponseBody } from '../core/ports';
import { lookEvery } from './lookEvery';

/** What n8n's helpers return as a body in stream mode. */
export type ReadableBody = NodeJS.ReadableStream & {
	readableEnded?: boolean;
	destroyed?: boolean;
	readableLength?: number;
	destroy?(error?: Error): void;
};

const MAX_TEXT_BYTES = 4 * 1024 * 1024;
/** The shortest time that a text may take from its first byte to its last. */
const MIN_TEXT_MS = 120_000;
/** How often a body is looked after. */
const WATCH_MS = 1_000;

/** How long a text may take. */
export interface TextLimits {
	/** Milliseconds of any steady clock. */
	now(): number;
	/** How long the server may be silent; a text may take as long, or two minutes if that is longer. */
	timeoutMs: number;
}

/**
 * A body as a stream: its first bytes can be seen before anybody decides what to do with the rest.
 * Community nodes may not import `stream`, so this works on the object that n8n returns.
 */
export class StreamBody implements ResponseBody {
	private hasEnded = false;

	private failure: Error | undefined;

	/** When reading a text must be over; what is handed over takes as long as it takes. */
	private deadlineMs: number | undefined;

	private isTooSlow = false;

	/** Ends the watching over the body, once it has begun. */
	private stopWatching: (() => void) | undefined;

	/** How many chunks have come. */
	private received = 0;

	/** Everything, when the body ended while its first bytes were read. */
	private whole: Buffer | undefined;

	constructor(
		private readonly stream: ReadableBody,
		private readonly limits: TextLimits,
	) {
		// Without a listener an interrupted body would end the process.
		stream.on('error', (error: Error) => {
			this.failure = error;
			this.stopWatching?.();
		});
		stream.on('end', () => {
			this.hasEnded = true;
			this.stopWatching?.();
		});
	}

	async firstBytes(count: number): Promise<Uint8Array> {
		if (this.whole) return this.whole.subarray(0, count);
		const chunks: Buffer[] = [];
		let length = 0;
		while (length < count) {
			const chunk = await this.readInTime();
			if (chunk === undefined) break;
			chunks.push(chunk);
			length += chunk.length;
		}
		const head = Buffer.concat(chunks);
		if (this.hasEnded || this.failure) this.whole = head;
		else if (head.length > 0) this.stream.unshift(head);
		return head.subarray(0, count);
	}

	async nextChunk(): Promise<Uint8Array | undefined> {
		const { whole } = this;
		// A stream of pieces may go on for hours, as long as it does not fall silent.
		if (!whole) return await this.read();
		this.whole = Buffer.alloc(0);
		return whole.length > 0 ? whole : undefined;
	}

	get isBroken(): boolean {
		return this.failure !== undefined;
	}

	async text(maxBytes = MAX_TEXT_BYTES): Promise<BodyText> {
		const { bytes, problem } = await this.readAll(maxBytes);
		return { text: bytes.toString('utf8'), ...(problem ? { problem } : {}) };
	}

	/** The whole body. Throws GenerationError `invalidInput` when it is larger than `maxBytes` or broke off. */
	async bytes(maxBytes: number): Promise<Uint8Array> {
		const { bytes, problem } = await this.readAll(maxBytes);
		if (!problem) return bytes;
		throw new GenerationError(
			'invalidInput',
			problem === 'tooLarge'
				? `The file is larger than ${maxBytes} bytes`
				: 'The connection ended before the whole file had come',
			{ hint: 'Use a smaller file, or fetch it with a node before this one.' },
		);
	}

	private async readAll(maxBytes: number): Promise<{ bytes: Buffer; problem?: BodyText['problem'] }> {
		const chunks: Buffer[] = this.whole ? [this.whole] : [];
		let length = this.whole?.length ?? 0;
		for (;;) {
			const chunk = this.whole ? undefined : await this.readInTime();
			if (chunk === undefined) break;
			chunks.push(chunk);
			length += chunk.length;
			if (length > maxBytes) {
				this.discard();
				return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), problem: 'tooLarge' };
			}
		}
		return { bytes: Buffer.concat(chunks), problem: this.problem() };
	}

	private problem(): BodyText['problem'] {
		if (this.isTooSlow) return 'tooSlow';
		return this.failure ? 'truncated' : undefined;
	}

	/** Lets go of the body without reading it: its connection ends. */
	discard(): void {
		// axios 1.18 wraps the body in a generator: one that never ran would not let go of the connection.
		if (this.received === 0) this.stream.read();
		this.stream.destroy?.();
	}

	/** Breaks the body off for whoever consumes it. */
	breakOff(error: Error): void {
		this.stream.destroy?.(error);
	}

	/**
	 * Hands the body over to a consumer, while `tap` sees every chunk that passes by.
	 * The stream's own announcements are listened in on: a `data` listener would start the stream before the consumer is
	 * there, or, on a paused one, keep a consumer that listens for `data` itself from starting it.
	 */
	async handOver(tap: (chunk: Uint8Array) => void): Promise<ReadableBody | Buffer> {
		if (this.whole) {
			tap(this.whole);
			return this.whole;
		}
		// A stream leaves its paused state a tick after the last `readable` listener has gone.
		await sleep(0);
		this.watch();
		const { stream } = this;
		const announce = stream.emit.bind(stream);
		stream.emit = (event: string | symbol, ...details: unknown[]) => {
			if (event === 'data') {
				this.received++;
				tap(details[0] as Uint8Array);
			}
			return announce(event, ...details);
		};
		return stream;
	}

	/** The error that ended the body early, if one did. */
	get interruption(): Error | undefined {
		return this.failure;
	}

	/** The next bytes, as long as there is time for them: what trickles in without end must end as well. */
	private async readInTime(): Promise<Buffer | undefined> {
		this.watch();
		const { now, timeoutMs } = this.limits;
		this.deadlineMs ??= now() + Math.max(MIN_TEXT_MS, timeoutMs);
		if (now() > this.deadlineMs && !this.hasEnded) {
			this.isTooSlow = true;
			this.failure ??= new Error('The body came too slowly');
			this.discard();
		}
		return await this.read();
	}

	/** The next bytes; undefined at the end, whether it came in order or not. */
	private async read(): Promise<Buffer | undefined> {
		for (;;) {
			if (this.hasEnded || this.failure) return undefined;
			const chunk = this.stream.read() as Buffer | string | null;
			if (chunk !== null) {
				this.received++;
				return Buffer.from(chunk);
			}
			if (this.stream.readableEnded || this.stream.destroyed) return undefined;
			await this.somethingHappens();
		}
	}

	/**
	 * Ends a body that falls silent: the time-out of n8n's HTTP client (axios 1.x) is over once the headers have come. What
	 * lies ready and is not fetched is the consumer's pause, not the server's.
	 */
	private watch(): void {
		const { timeoutMs } = this.limits;
		if (this.stopWatching || timeoutMs <= 0) return;
		const stepMs = Math.min(WATCH_MS, timeoutMs);
		let silentMs = 0;
		let seen = -1;
		this.stopWatching = lookEvery(stepMs, () => {
			if (this.hasEnded || this.failure || this.stream.destroyed) return this.stopWatching?.();
			const isSilent = seen === this.received && !this.stream.readableLength;
			silentMs = isSilent ? silentMs + stepMs : 0;
			seen = this.received;
			if (silentMs >= timeoutMs) this.stream.destroy?.(new Error('The server fell silent within its answer'));
		});
	}

	private async somethingHappens(): Promise<void> {
		await new Promise<void>((resolve) => {
			const events = ['readable', 'end', 'error', 'close'];
			const settle = () => {
				for (const event of events) this.stream.removeListener(event, settle);
				resolve();
			};
			for (const event of events) this.stream.on(event, settle);
		});
	}
}
