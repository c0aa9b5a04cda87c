import type { ServerName } from './dialects';

/** What is known of one model. Everything is a hint except where a field says otherwise; unknown models are never blocked. */
export interface VideoModel {
	id: string;
	/** One line for the model list. */
	summary: string;
	/** `WIDTHxHEIGHT` values that the model makes; a request for another is stopped before it is paid. Empty where they are not all known. */
	sizes: readonly string[];
	/** Lengths in seconds that the model makes; a request for another is stopped before it is paid. */
	seconds: readonly number[];
	/** USD for each second of video, by size. Absent where no price is published. */
	pricePerSecondUsd?: Readonly<Record<string, number>>;
	/** USD for a video of any size and length. */
	pricePerVideoUsd?: number;
	/** How long such a job usually takes, in seconds, by length of the video; the first look is at half of it. Empty where unknown. */
	typicalSeconds: Readonly<Record<number, number>>;
	/** Longest prompt in characters; a longer one gets a hint and is sent all the same. */
	promptLimit?: number;
	/** The model whose name stands for this dated snapshot. */
	snapshotOf?: string;
	/** Servers that no longer offer the model, with the day it ended (YYYY-MM-DD). */
	retired: readonly Retirement[];
	/** Where each fact is from, and the day it was checked. */
	sources: readonly Source[];
}

/** An image model, of chat completions or of the Images API. */
export interface ImageModel {
	id: string;
	endpoint: 'chat' | 'images';
	summary: string;
	/** `WIDTHxHEIGHT` or ratios; empty where any size within the model's bounds is taken. */
	sizes: readonly string[];
	/** What free sizes must keep to; a request for others is stopped before it is paid. Absent where nothing is documented. */
	freeSizes?: FreeSizes;
	/** Values of `quality` beside `auto`; a request for others is stopped before it is paid. Absent where unknown. */
	qualities?: readonly string[];
	/** USD for each image, by quality and size; `any` where neither matters. */
	pricePerImageUsd?: Readonly<Record<string, Readonly<Record<string, number>>>>;
	pricePerMillionTokensUsd?: { input: number; output: number };
	/** Longest or recommended prompt in characters. */
	promptLimit?: number;
	/** What is known of the pictures that it edits. */
	inputImages?: { most: number; overlooksLinks: boolean };
	/** The same at single servers. */
	promptLimitAt?: Readonly<Partial<Record<ServerName, number>>>;
	/** What the provider asks clients to keep to. */
	requestsPerMinute?: number;
	retired: readonly Retirement[];
	sources: readonly Source[];
}

/** Bounds of free sizes, in pixels. */
export interface FreeSizes {
	/** Both sides are multiples of it. */
	step: number;
	/** The longer side to the shorter. */
	maxRatio: number;
	maxEdge: number;
	maxPixels: number;
}

/** A model of chat completions whose name says what it makes. */
export interface ChatVideoModel {
	id: string;
	summary: string;
	orientation?: 'landscape' | 'portrait';
	/** Length in seconds. */
	seconds?: number;
	makes: 'video' | 'character' | 'prompt';
	source: Source;
}

export interface Retirement {
	server: ServerName;
	/** YYYY-MM-DD */
	date: string;
	/** Announced, but whether it really happened could not be confirmed. */
	unconfirmed?: boolean;
}

export interface Source {
	fact: string;
	from: string;
	/** YYYY-MM-DD */
	checked: string;
}
