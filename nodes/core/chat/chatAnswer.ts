import { isObject, parseJson } from '../json';
import type { JsonObject } from '../ports';
import { EventReader, isDone } from '../sse';

/** What a chat-completions server answered, whatever shape it came in. */
export interface ChatAnswer {
	/** The model's own words; where they hold links, `mediaLinks.ts` says which of them are results. */
	text: string;
	/** Progress and diagnostics; never a result. */
	reasoning: string;
	/** Links that stood beside the text, as parts of the message. */
	links: string[];
	/** The entries of the images shape, which some models answer without any `choices` (wire facts 4.3). */
	images: JsonObject[];
	/** The envelope of an error that came with a status of success: a frame of the stream, or the whole body. */
	error?: JsonObject;
	/** The server said that it is through: a finish reason in any case, `[DONE]`, or one whole JSON body. */
	isFinished: boolean;
	/** False for a body that is no answer of an API: a web page, nothing, half a JSON. Then `text` is its beginning. */
	isReadable: boolean;
	/** The answer as one object; a stream is put together as if it had come in one piece. */
	raw: JsonObject;
}

const HEAD_CHARACTERS = 1_000;

/** Spaces, line ends, and the bytes of a byte order mark. */
const BEFORE_THE_BODY = new Set([0x09, 0x0a, 0x0d, 0x20, 0xef, 0xbb, 0xbf]);
const OPENING_BRACE = 0x7b;

/**
 * Reads an answer of `/chat/completions` from its bytes: a stream of events, one JSON completion, or the images shape,
 * told apart by what they are and not by their content type (wire facts 3.1, 4.1 to 4.3). Never throws; what comes out
 * does not depend on how the bytes were cut.
 */
export class ChatReader {
	private readonly events = new EventReader();

	private readonly decoder = new TextDecoder();

	private shape: 'unknown' | 'json' | 'events' = 'unknown';

	/** The body of one JSON; of a stream its beginning, in case that it turns out to be something else. */
	private body = '';

	private readonly message = new MessageParts();

	/** Takes in the next bytes of the answer, cut anywhere. */
	push(bytes: Uint8Array): void {
		let rest = bytes;
		if (this.shape === 'unknown') {
			const start = rest.findIndex((byte) => !BEFORE_THE_BODY.has(byte));
			if (start < 0) return;
			rest = rest.subarray(start);
			this.shape = rest[0] === OPENING_BRACE ? 'json' : 'events';
		}
		if (this.shape === 'json' || this.body.length < HEAD_CHARACTERS) {
			this.body += this.decoder.decode(rest, { stream: true });
		}
		if (this.shape === 'events') this.readEvents(this.events.push(rest));
	}

	/** The whole answer; nothing may be pushed after it. */
	end(): ChatAnswer {
		if (this.shape === 'events') this.readEvents(this.events.end());
		else this.readWhole();
		return this.message.answer(this.body.slice(0, HEAD_CHARACTERS));
	}

	private readEvents(events: string[]): void {
		for (const data of events) {
			if (isDone(data)) this.message.isFinished = true;
			const frame = parseJson(data);
			if (isObject(frame)) this.message.add(frame);
		}
	}

	private readWhole(): void {
		const whole = parseJson(this.body + this.decoder.decode());
		if (!isObject(whole)) return;
		this.message.add(whole);
		this.message.isFinished = true;
	}
}

/** What the frames of an answer add up to. */
class MessageParts {
	isFinished = false;

	/** Answers with several choices give each its own text. */
	private readonly texts = new Map<number, string>();

	private reasoning = '';

	private readonly links: string[] = [];

	private readonly images: JsonObject[] = [];

	private error: JsonObject | undefined;

	private finishReason: unknown = null;

	/** The newest fields of the answer itself, such as `usage`. */
	private fields: JsonObject = {};

	/** An object that is no part of any known shape: an error, when nothing else came. */
	private stranger: JsonObject | undefined;

	private frames = 0;

	add(frame: JsonObject): void {
		this.frames++;
		const { choices, data, error } = frame;
		const isError = (isObject(error) && Object.keys(error).length > 0) || (typeof error === 'string' && error !== '');
		if (isError) this.error ??= frame;
		else if (Array.isArray(choices)) this.addChoices(frame, choices);
		else if (Array.isArray(data)) this.addImages(frame, data);
		else this.stranger = frame;
	}

	private addChoices(frame: JsonObject, choices: unknown[]): void {
		// A final frame often has fields that the others lack, and the other way round.
		this.fields = { ...this.fields, ...frame };
		for (const choice of choices.filter(isObject)) {
			const index = typeof choice.index === 'number' ? choice.index : 0;
			for (const part of [choice.delta, choice.message].filter(isObject)) this.addPart(index, part);
			if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '') {
				this.finishReason = choice.finish_reason;
				this.isFinished = true;
			}
		}
	}

	private addPart(index: number, part: JsonObject): void {
		const { content, images } = part;
		this.addText(index, content);
		// Some gateways give the parts of a message as a list, or pictures beside the text.
		for (const entry of [content, images].filter(Array.isArray).flat().filter(isObject)) {
			this.addText(index, entry.text);
			const place = [entry.image_url, entry.video_url].find((link) => link !== undefined);
			const url = isObject(place) ? place.url : place;
			if (typeof url === 'string') this.links.push(url);
		}
		for (const words of [part.reasoning_content, part.reasoning]) {
			if (typeof words === 'string') this.reasoning += words;
		}
	}

	private addText(index: number, text: unknown): void {
		if (typeof text === 'string') this.texts.set(index, (this.texts.get(index) ?? '') + text);
	}

	private addImages(frame: JsonObject, data: unknown[]): void {
		this.fields = { ...this.fields, ...frame };
		this.images.push(...data.filter(isObject));
		this.isFinished = true;
	}

	/** @param head the beginning of the body */
	answer(head: string): ChatAnswer {
		const { reasoning, links, images, isFinished, fields, stranger } = this;
		const texts = [...this.texts].sort(([a], [b]) => a - b).map(([, text]) => text);
		const isEmpty = Object.keys(fields).length === 0;
		const error = this.error ?? (isEmpty ? stranger : undefined);
		const isReadable = this.frames > 0;
		return {
			text: isReadable ? texts.join('\n\n') : head,
			reasoning,
			links,
			images,
			error,
			isFinished,
			isReadable,
			raw: isEmpty ? (error ?? {}) : this.wholeAnswer(texts),
		};
	}

	private wholeAnswer(texts: string[]): JsonObject {
		const { choices, ...fields } = this.fields;
		if (choices === undefined) return { ...fields, data: this.images };
		const reasoning = this.reasoning === '' ? {} : { reasoning_content: this.reasoning };
		const made = texts.map((content, index) => ({
			index,
			message: { role: 'assistant', content, ...reasoning },
			finish_reason: this.finishReason,
		}));
		return { ...fields, choices: made };
	}
}
