import { VIDEO_MODELS } from './catalogueData';
import { IMAGE_MODELS } from './catalogueImages';
import type { ImageModel, Retirement, VideoModel } from './catalogueTypes';

/** The catalogue's row for a model id; undefined for models that are not in it. */
export function findVideoModel(id: string): VideoModel | undefined {
	const wanted = id.trim().toLowerCase();
	return VIDEO_MODELS.find((model) => model.id === wanted);
}

/** The same for image models; one id may be offered on both endpoints. */
export function findImageModel(id: string, endpoint: ImageModel['endpoint']): ImageModel | undefined {
	const wanted = id.trim().toLowerCase();
	return IMAGE_MODELS.find((model) => model.id === wanted && model.endpoint === endpoint);
}

/** The image models of one endpoint; the first is what a node starts with. */
export function imageModelsOf(endpoint: ImageModel['endpoint']): ImageModel[] {
	return IMAGE_MODELS.filter((model) => model.endpoint === endpoint);
}

/** The catalogue's row for a model that makes anything. */
export function findModel(id: string): ImageModel | VideoModel | undefined {
	return findVideoModel(id) ?? findImageModel(id, 'images') ?? findImageModel(id, 'chat');
}

/** The day on which this server stopped offering the model, if it is known to have. */
export function retirementOf(model: { retired: readonly Retirement[] }, server: string): Retirement | undefined {
	return model.retired.find((retirement) => retirement.server === server);
}

/** How long a job of this model and length usually takes, in seconds; undefined where nothing is known. */
export function typicalSecondsOf(model: VideoModel | undefined, seconds: number | undefined): number | undefined {
	if (!model) return undefined;
	const known = Object.entries(model.typicalSeconds).map(([length, typical]) => ({ length: Number(length), typical }));
	const wanted = seconds ?? model.seconds[0] ?? 0;
	const nearest = known.sort((a, b) => Math.abs(a.length - wanted) - Math.abs(b.length - wanted))[0];
	return nearest?.typical;
}
