import {
  type Dataset,
  DECODING_VERSION,
  type Geometry,
  geometryOf,
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
}

export interface LabelledImages {
  /** [n, c, h, w] or [n, h, w, c], as the network takes it, normalised */
  readonly input: FloatTensor;
  /** n class indices, in the network's order */
  readonly labels: Uint16Array;
}

/** All that decides which numbers and labels a network sees of a data set, as a part of keys. */
export function imageIdentity(network: Network, dataset: Dataset) {
  const { input, output } = imageReader(network, dataset).metadata;
  return {
    ...{ dataset: dataset.hash, decoding: DECODING_VERSION, preprocessing: input, output },
    labels: [...labelMapping(network.metadata, dataset).toNetwork],
  };
}

export function imageReader(network: Network, dataset: Dataset): ImageReader {
  const prepared = preprocessingFor(network, dataset);
  const output = outputKind(network, prepared);
  const metadata = { ...prepared, output };
  const geometry = geometryOf(metadata.input);
  const { toNetwork, count } = labelMapping(network.metadata, dataset);
  return {
    metadata,
    output,
    classes: count,
    async read(split, indices, change = (pixels) => pixels) {
      const pixels = change(await dataset.pixels(split, indices, geometry), geometry);
      const n = indices.length;
      const { labels } = dataset.splits[split];
      return {
        input: floatTensor(
          imageShape(n, geometry, metadata.input.layout),
          toInput(pixels, n, metadata.input),
        ),
        labels: Uint16Array.from(indices, (index) => toNetwork[labels[index] ?? -1] ?? -1),
      };
    },
  };
}
