import { type Dataset, defaultPreprocessing, geometryOf } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import {
  inferShapes,
  type Network,
  type NetworkMetadata,
  type Preprocessing,
  sizeOf,
} from '@espalier/network';
import type { OutputKind } from './score.ts';

/** Share of a side that is kept when a photograph is cropped to a square: 224 of 256 pixels. */
const CROP = 224 / 256;

/**
 * How this data set's images become this network's input: as the network says, else the data set's default, grey or
 * colour as the network takes it. Where that default scales images anyway, it scales them to the network's size: to a
 * square by cutting out their middle, to another shape as they are, whole.
 */
export function preprocessingFor(network: Network, dataset: Dataset): NetworkMetadata {
  if (network.metadata) return network.metadata;
  const [, channels = -1, height = -1, width = -1] = network.inputs[0]?.shape ?? [];
  const metadata = defaultPreprocessing(dataset, channels === 1 || channels === 3 ? channels : undefined);
  if (metadata.input.resize === undefined || height < 1 || width < 1) return metadata;
  const { resize: _, ...whole } = metadata.input;
  const input: Preprocessing = { ...whole, size: [height, width] };
  if (height !== width) return { ...metadata, input };
  return { ...metadata, input: { ...input, resize: Math.round(height / CROP) } };
}

/** A network that ends in Softmax returns probabilities, whatever its metadata says. */
export function outputKind(network: Network, metadata: NetworkMetadata | undefined): OutputKind {
  const producers = new Map(network.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  let producer = producers.get(network.outputs[0] ?? '');
  while (producer && ['Identity', 'Flatten', 'Reshape'].includes(producer.op)) {
    producer = producers.get(producer.inputs[0] ?? '');
  }
  return producer?.op === 'Softmax' ? 'probabilities' : (metadata?.output ?? 'logits');
}

/**
 * Checks that a network takes this data set's images and tells this data set's classes apart.
 *
 * @throws {InputError} that names both where they do not fit, and the field.
 */
export function checkFits(network: Network, dataset: Dataset, field = 'dataset'): void {
  checkImages(network, dataset, field);
  checkClasses(network, dataset, field);
}

function checkImages(network: Network, dataset: Dataset, field: string): void {
  const [input, ...others] = network.inputs;
  if (!input || others.length > 0 || input.shape.length !== 4) {
    const found = network.inputs.map(({ name, shape }) => `${name} [${shape}]`).join(', ');
    throw new InputError(
      `network "${network.name}" cannot be evaluated on ${dataset.name}: it must have one input [batch, channels, height, width], not ${found || 'none'}`,
    );
  }
  const [, channels = 0, height = 0, width = 0] = input.shape;
  const wanted = geometryOf(preprocessingFor(network, dataset).input);
  const agree = (declared: number, given: number) => declared === -1 || declared === given;
  if (!agree(channels, wanted.channels) || !agree(height, wanted.height) || !agree(width, wanted.width)) {
    const prepared = `${wanted.channels}x${wanted.height}x${wanted.width}`;
    const stored = dataset.image
      ? `${dataset.image.channels}x${dataset.image.height}x${dataset.image.width}`
      : 'of any size';
    const remedy =
      network.metadata || !agree(channels, wanted.channels)
        ? ''
        : `; give the network a preprocessing with "size": [${height}, ${width}], and they are scaled`;
    throw new InputError(
      `network "${network.name}" takes images of ${channels}x${height}x${width} (channels, height, width), its preprocessing makes ${prepared}, the images of ${dataset.name} are ${stored}${remedy}`,
      field,
    );
  }
}

function checkClasses(network: Network, dataset: Dataset, field: string): void {
  const [output, ...others] = network.outputs;
  const shape = output === undefined ? [] : (inferShapes(network, 1).get(output) ?? []);
  const classes = sizeOf(shape.slice(1));
  if (others.length > 0 || shape.length < 2 || classes !== shape[1]) {
    throw new InputError(
      `network "${network.name}" cannot be evaluated on ${dataset.name}: it must have one output [batch, classes], not ${network.outputs.length === 1 ? `[${shape}]` : `${network.outputs.length}`}`,
    );
  }
  if (classes !== dataset.classes.length) {
    throw new InputError(
      `network "${network.name}" has ${classes} classes, ${dataset.name} has ${dataset.classes.length}`,
      field,
    );
  }
}
