import {
  type Dataset,
  DECODING_VERSION,
  type Geometry,
  geometryOf,
  type ImageFacts,
  placementOf,
  type SplitName,
  toInput,
} from '@espalier/datasets';
import {
  type FloatTensor,
  floatTensor,
  imageShape,
  type Network,
  type NetworkMetadata,
} from '@espalier/network';
import { labelMapping } from './class-names.ts';
import { preprocessingFor } from './fits.ts';
import { labelFor, type ShownImage } from './image-metric.ts';
import { outputKind } from './output-kind.ts';
import type { OutputKind } from './score.ts';

/** Reads a data set as one network sees it. */
export interface ImageReader {
  /** The network's own, or the data set's default; `output` as the network really ends. */
  readonly metadata: NetworkMetadata;
  readonly output: OutputKind;
  /** How many classes the labels are told in: those of the network, of which the data set may have some. */
  readonly classes: number;
  /** @param change of the pixels [n, h, w, c] before they are normalised */
  read(
    split: SplitName,
    indices: ArrayLike<number>,
    change?: (pixels: Uint8Array, geometry: Geometry) => Uint8Array,
  ): Promise<LabelledImages>;
  /** The same with what metrics of your own are told. */
  readShown(split: SplitName, indices: ArrayLike<number>): Promise<LabelledImages>;
}

export interface LabelledImages {
  /** [n, c, h, w] or [n, h, w, c], as the network takes it, normalised */
  readonly input: FloatTensor;
  /** n class indices, in the network's order */
  readonly labels: Uint16Array;
  /** n images, where a metric asks for them. */
  readonly shown?: readonly ShownImage[];
}

/** All that decides which numbers and labels a network sees of a data set, as a part of keys. */
export function imageIdentity(network: Network, dataset: Dataset) {
  const { input, output } = imageReader(network, dataset).metadata;
  return {
    ...{ dataset: dataset.hash, decoding: DECODING_VERSION, preprocessing: input, output },
    labels: [...toNetworkOf(network, dataset)],
  };
}

export function imageReader(network: Network, dataset: Dataset): ImageReader {
  const prepared = preprocessingFor(network, dataset);
  const output = outputKind(network, prepared);
  const metadata = { ...prepared, output };
  const geometry = geometryOf(metadata.input);
  const { toNetwork, count } = labelMapping(network.metadata, dataset);
  const read: ImageReader['read'] = async (split, indices, change = (pixels) => pixels) => {
    const pixels = change(await dataset.pixels(split, indices, geometry), geometry);
    const n = indices.length;
    const { labels } = dataset.splits[split];
    return {
      input: floatTensor(imageShape(n, geometry, metadata.input.layout), toInput(pixels, n, metadata.input)),
      labels: Uint16Array.from(indices, (index) => toNetwork[labels[index] ?? -1] ?? -1),
    };
  };
  return {
    metadata,
    output,
    classes: count,
    read,
    async readShown(split, indices) {
      const shown = shownIn(await dataset.facts(split, indices), geometry, toNetworkOf(network, dataset));
      return { ...(await read(split, indices)), shown };
    },
  };
}

/** The network's class index for every class index of whatever labels there are. */
function toNetworkOf({ metadata }: Network, { classes, annotated }: Dataset): Uint16Array {
  return labelMapping(metadata, { classes: annotated?.classes ?? classes }).toNetwork;
}

function shownIn(facts: readonly ImageFacts[], geometry: Geometry, toNetwork: Uint16Array): ShownImage[] {
  const { height, width } = geometry;
  return facts.map((image) => {
    const { top, left, vertical, horizontal } = placementOf(image, geometry);
    return {
      name: image.name,
      label: labelFor(image, toNetwork),
      geometry: {
        ...{ width: image.width, height: image.height, input: { width, height } },
        ...{ scale: { x: horizontal, y: vertical }, offset: { x: left, y: top } },
      },
    };
  });
}
