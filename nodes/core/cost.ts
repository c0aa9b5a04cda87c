import type { ImageModel, VideoModel } from './catalogueTypes';
import { GenerationError } from './errors';

/** A price in USD, or why there is none. */
export type Price = { usd: number } | { unknown: string };

/** Dollars are summed in millionths, so that 0.1 + 0.2 is 0.3. */
export function roundUsd(usd: number): number {
	return Math.round(usd * 1e6) / 1e6;
}

/**
 * What one video costs in USD.
 * @param pricePerSecondUsd the user's own price for each second; it comes before the catalogue's
 */
export function priceOfVideo(
	model: VideoModel | undefined,
	request: { model: string; size: string; seconds: number },
	pricePerSecondUsd?: number,
): Price {
	const perSecond = pricePerSecondUsd ?? model?.pricePerSecondUsd?.[request.size];
	if (perSecond !== undefined) return { usd: roundUsd(perSecond * request.seconds) };
	if (model?.pricePerVideoUsd !== undefined) return { usd: model.pricePerVideoUsd };
	return {
		unknown: model
			? `no price is known for ${request.model} at ${request.size}`
			: `no price is known for the model ${request.model}`,
	};
}

/** What decides the price of pictures. */
export interface PricedImages {
	model: string;
	/** `auto`, or absent: the model chooses. */
	quality?: string;
	/** `WIDTHxHEIGHT` or a ratio; `auto`, or absent: the model chooses. */
	size?: string;
	/** How many. */
	n: number;
}

/**
 * What pictures cost in USD at most: for a quality or size that the model chooses, the highest price counts.
 * @param pricePerImageUsd the user's own price for each image; it comes before the catalogue's
 */
export function priceOfImages(
	model: ImageModel | undefined,
	{ model: modelId, quality, size, n }: PricedImages,
	pricePerImageUsd?: number,
): Price {
	if (pricePerImageUsd !== undefined) return { usd: roundUsd(pricePerImageUsd * n) };
	const prices = Object.entries(model?.pricePerImageUsd ?? {})
		.filter(([listed]) => matches(listed, quality))
		.flatMap(([, bySize]) => Object.entries(bySize))
		.filter(([listed]) => matches(listed, size))
		.map(([, usd]) => usd);
	if (prices.length > 0) return { usd: roundUsd(Math.max(...prices) * n) };
	return {
		unknown: model?.pricePerImageUsd
			? `no price is known for ${modelId} at ${size ?? 'auto'}, quality ${quality ?? 'auto'}`
			: `no price is known for the model ${modelId}`,
	};
}

function matches(listed: string, wanted = 'auto'): boolean {
	return listed === 'any' || wanted === 'auto' || listed === wanted;
}

/** `price` for each of `times` purchases. */
export function multiplyPrice(price: Price, times: number): Price {
	return 'usd' in price ? { usd: roundUsd(price.usd * times) } : price;
}

/** The sum of known prices in USD. */
export function sumUsd(prices: readonly Price[]): number {
	return roundUsd(prices.reduce((sum, price) => sum + ('usd' in price ? price.usd : 0), 0));
}

/** `1.2` → `$1.20`; parts of a cent are kept. */
export function formatUsd(usd: number): string {
	const [whole = '0', fraction = ''] = String(roundUsd(usd)).split('.');
	return `$${whole}.${fraction.padEnd(2, '0')}`;
}

/** A price that is an estimate: `$1.60`, below ten cents two digits that count: `$0.0085`. */
export function formatRoughUsd(usd: number): string {
	return formatUsd(usd >= 0.1 ? Math.round(usd * 100) / 100 : Number(usd.toPrecision(2)));
}

/**
 * Stops a run whose estimated sum is above the user's cap, or cannot be told.
 * @param maxCostUsd 0 or less means no cap
 */
export function enforceSpendingCap(prices: readonly Price[], maxCostUsd: number): void {
	if (maxCostUsd <= 0) return;
	const unknown = prices.find((price): price is { unknown: string } => 'unknown' in price);
	if (unknown) {
		throw new GenerationError(
			'spendingCapExceeded',
			`Max Cost is ${formatUsd(maxCostUsd)}, but the cost of this run cannot be told: ${unknown.unknown}. Nothing was bought`,
			{
				hint: 'Set Price per Second (USD), or Price per Image (USD) of an image node, in the options to what the server charges, or remove Max Cost (USD).',
			},
		);
	}
	const total = sumUsd(prices);
	if (total <= maxCostUsd) return;
	const items = prices.length === 1 ? 'this item' : `these ${prices.length} items`;
	throw new GenerationError(
		'spendingCapExceeded',
		`The estimated cost of ${items} is ${formatUsd(total)}, above the Max Cost of ${formatUsd(maxCostUsd)}. Nothing was bought`,
	);
}
