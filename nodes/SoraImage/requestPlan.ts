import { picturesToOutputs } from '../adapter/imageOutput';
import type { Item, Plan, Purchase } from '../adapter/operation';
import { readExtraBody, readFileWish, readSubmitLimits, readUncertainRepeats } from '../adapter/purchaseParameters';
import { findImageModel } from '../core/catalogue';
import { multiplyPrice, priceOfImages } from '../core/cost';
import { numberedName } from '../core/fetchFile';
import { chatImageReader } from '../core/image/chatImages';
import type { ImageDelivery } from '../core/image/delivery';
import { purchaseImages } from '../core/image/purchaseImages';
import { composeText, messageOf, USUAL_SCENE, type Scene } from '../core/image/soraImage';
import { isObject } from '../core/json';

/** Where no time-out is set: slow models take up to five minutes for one answer (wire facts 5.5). */
const TIMEOUT_SECONDS = 360;

/**
 * What one item buys: a request for each variation, each with a result of its own. Nothing is sent before `execute`.
 * @param imageUrls gives the pictures to edit, when they are sent
 * Throws GenerationError `invalidInput`.
 */
export function planImages(item: Item, imageUrls: () => Promise<string[]> = async () => []): Plan[] {
	const purchase = readPurchase(item);
	return readVariations(item).map((variation, unit, all) =>
		planUnit(item, { variation, unit, units: all.length, imageUrls, purchase }),
	);
}

interface Unit {
	variation: string | undefined;
	unit: number;
	/** How many units the item has. */
	units: number;
	imageUrls: () => Promise<string[]>;
	purchase: Purchase;
}

function planUnit(item: Item, { variation, unit, units, imageUrls, purchase }: Unit): Plan {
	const { parameters, run } = item;
	const id = parameters.locator('model');
	const [prompt, style, ratio] = [parameters.text('prompt'), parameters.text('style'), parameters.text('ratio')];
	const wish = { model: id, prompt, ratio, style, scene: readScene(item), variation };
	const composed = composeText(wish, findImageModel(id, 'chat'));
	for (const hint of composed.hints) run.hints.add(hint);
	const extra = readExtraBody(item);
	const limits = readSubmitLimits(item, TIMEOUT_SECONDS);
	const fileWish = readFileWish(item);
	const fileName = fileWish.fileName && units > 1 ? numberedName(fileWish.fileName, unit) : fileWish.fileName;
	return {
		purchase,
		async execute() {
			const urls = await imageUrls();
			const fields = { ...extra, model: id, messages: [messageOf(composed.text, urls)], stream: true };
			const delivery = await purchaseImages(
				{
					path: '/chat/completions',
					body: { encoding: 'json', fields },
					limits,
					facts: { prompt: composed.text, model: id, makes: 'picture' },
				},
				chatImageReader(run.ports, limits.timeoutMs, urls),
				{ ...fileWish, fileName },
				run.toolsFor(item.index, unit),
			);
			hintAtOtherRatios(item, composed.ratio, delivery);
			// The request is what is billed, whatever the number of its pictures.
			const share = multiplyPrice(purchase.price, 1 / delivery.pictures.length);
			return picturesToOutputs(item, delivery, ({ url }) => ({
				asked: {
					prompt,
					model: id,
					ratio: composed.ratio ?? 'none',
					style: style === 'none' || style === '' ? undefined : style,
					variation,
					url,
					text: delivery.text,
				},
				cost: { costUsd: 'usd' in share ? share.usd : undefined },
			}));
		},
	};
}

/** So far may a picture be from its ratio: models round to whole blocks of pixels. */
const RATIO_TOLERANCE = 0.05;

function hintAtOtherRatios(item: Item, ratio: string | undefined, { pictures }: ImageDelivery): void {
	const [across = 0, down = 0] = ratio?.split(':').map(Number) ?? [];
	if (!(across > 0 && down > 0)) return;
	const other = pictures.find(({ file }) => {
		const made = (file?.width ?? NaN) / (file?.height ?? NaN);
		return Math.abs(made / (across / down) - 1) > RATIO_TOLERANCE;
	})?.file;
	if (!other) return;
	item.run.hints.add(
		`An image of item ${item.index} is ${other.width}x${other.height}, although the ratio ${ratio} was asked for.`,
	);
}

/** The price of one request, and with the repeats that the user allows. */
export function readPurchase(item: Item): Purchase {
	const id = item.parameters.locator('model');
	const ownPriceUsd = item.parameters.optionNumber('price', 'Price per Image (USD)', 0);
	const model = findImageModel(id, 'chat');
	const price = priceOfImages(model, { model: id, n: 1 }, ownPriceUsd > 0 ? ownPriceUsd : undefined);
	return { makes: 'image', price, maxPrice: multiplyPrice(price, 1 + readUncertainRepeats(item)) };
}

/** The variations, or one request without any; an expression may give a list, or lines. */
export function readVariations(item: Item): Array<string | undefined> {
	const { variations } = item.parameters.object('options');
	const listed: unknown[] = Array.isArray(variations) ? variations : String(variations ?? '').split('\n');
	const texts = listed.map((variation) => (typeof variation === 'string' ? variation.trim() : ''));
	const filled = texts.filter((text) => text !== '');
	return filled.length > 0 ? filled : [undefined];
}

function readScene(item: Item): Scene | undefined {
	const { scene } = item.parameters.object('options');
	const details = isObject(scene) ? scene.details : undefined;
	if (!isObject(details)) return undefined;
	const text = (name: keyof Scene) => (typeof details[name] === 'string' ? details[name] : USUAL_SCENE[name]);
	return { time: text('time'), weather: text('weather'), mood: text('mood') };
}
