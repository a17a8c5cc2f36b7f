import { type DatasetFacts, defaultPreprocessing, geometryOf } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { checkFileSize } from '@espalier/formats';
import {
  imageExtents,
  inferShapes,
  inputLayout,
  type Network,
  type NetworkInput,
  type NetworkMetadata,
  type Preprocessing,
  type Shape,
  sizeOf,
  takesOneImage,
} from '@espalier/network';
import { hasAllClasses } from './class-names.ts';
import { checkMetricOfOutputs, outputRoles } from './fidelity.ts';
import { isImageMetric } from './image-metric.ts';
import { TOP1 } from './metrics.ts';
import type { QualityMetric } from './quality-metric.ts';
import { FEWEST_CLASSES_FOR_TOP5 } from './score.ts';

/** Share of a side that is kept when a photograph is cropped to a square: 224 of 256 pixels. */
const CROP = 224 / 256;

/**
 * How this data set's images become this network's input: as the network says, else the data set's default, grey or
 * colour as the network takes it. Where that default scales images anyway, it scales them to the network's size: to a
 * square by cutting out their middle, to another shape as they are, whole; images of that size stay as they are.
 */
export function preprocessingFor(
  network: Pick<Network, 'metadata'> & {
    readonly inputs: readonly Pick<NetworkInput, 'shape' | 'type'>[];
  },
  dataset: DatasetFacts,
): NetworkMetadata {
  if (network.metadata) return network.metadata;
  const [taken] = network.inputs;
  const { channels, height, width } = imageExtents(taken) ?? { channels: -1, height: -1, width: -1 };
  const usual = defaultPreprocessing(dataset, channels === 1 || channels === 3 ? channels : undefined);
  const metadata = { ...usual, input: { ...usual.input, ...inputFacts(taken) } };
  if (metadata.input.resize === undefined || height < 1 || width < 1) return metadata;
  const { resize: _, ...whole } = metadata.input;
  const input: Preprocessing = { ...whole, size: [height, width] };
  // What is not square is not cut to a square, and what is of the network's size already is not cut at all.
  const { image } = dataset;
  if (height !== width || (image?.height === height && image.width === width)) return { ...metadata, input };
  return { ...metadata, input: { ...input, resize: Math.round(height / CROP) } };
}

/** Where its channels lie; whole numbers are the bytes of the pixels: what else is done to them, the network does. */
function inputFacts(
  input: Pick<NetworkInput, 'shape' | 'type'> | undefined,
): Pick<Preprocessing, 'layout'> & Partial<Preprocessing> {
  if (!input) return { layout: 'NCHW' };
  const layout = inputLayout(input);
  if (!input.type?.includes('int')) return { layout };
  const channels = imageExtents(input, layout)?.channels === 1 ? 1 : 3;
  const each = (value: number) => new Array<number>(channels).fill(value);
  return { layout, scale: 1, mean: each(0), std: each(1) };
}

/**
 * Checks that a network can be run, takes this data set's images and tells this data set's classes apart, where that is
 * what it is judged by. Tensors need no values, only their extents.
 *
 * @param field of the input that gives the network
 * @param metric by which it is judged; one that needs no labels takes any outputs with a row for each image
 * @throws {InputError} that names both where they do not fit, and the field: `dataset` where other images would do
 */
export function checkFits(
  network: Network,
  dataset: DatasetFacts,
  field = 'model',
  metric: QualityMetric = TOP1,
): void {
  checkFileSize(network, 1, field);
  checkInput(network, field);
  checkImages(network, dataset, field);
  if (metric.by === 'outputs') {
    checkMetricOfOutputs(network, metric.name);
    return;
  }
  if (isImageMetric(metric)) {
    outputRoles(network);
    if (metric.form === 'several') checkSeveral(network, dataset, field);
    return;
  }
  checkClasses(network, dataset, field);
  if (metric.name === 'top5' && dataset.classes.length < FEWEST_CLASSES_FOR_TOP5) {
    throw new InputError(
      `${dataset.name} has ${dataset.classes.length} classes, and top-5 says little below ${FEWEST_CLASSES_FOR_TOP5}: give metric top1`,
      'metric',
    );
  }
}

/** Whether accuracies of the network can be told on these images. */
export function tellsAccuracy(network: Network, dataset: DatasetFacts): boolean {
  try {
    checkClasses(network, dataset, 'model');
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** One image in: [batch, channels, height, width], grey or colour; what is beside it is a state that starts at zero. */
function checkInput({ name, inputs }: Network, field: string): void {
  const [input, ...states] = inputs;
  if (!input) throw new InputError(`network "${name}" has no input, so it cannot take images`, field);
  const whole = states.find(({ type }) => type !== undefined);
  if (whole) {
    throw new InputError(
      `network "${name}" has the input "${whole.name}" of type ${whole.type} beside its images, and only float32 states start at zero: set it to a number (--set ${whole.name}=1)`,
      field,
    );
  }
  const found = `"${input.name}" ${shapeText(input.shape)}`;
  const { channels = 0 } = imageExtents(input) ?? {};
  if (input.shape.length !== 4) {
    throw new InputError(
      `network "${name}" has the input ${found}, which is not an image: export it with an input [batch, channels, height, width]`,
      field,
    );
  }
  if ([-1, 1, 3].includes(channels)) return;
  throw new InputError(
    `network "${name}" has the input ${found} of ${channels} channels, and images have 1 (grey) or 3 (colour): give a network for such images`,
    field,
  );
}

function checkImages(network: Network, dataset: DatasetFacts, field: string): void {
  const { input: prepare } = preprocessingFor(network, dataset);
  const wanted = geometryOf(prepare);
  const { channels, height, width } = imageExtents(network.inputs[0], prepare.layout) ?? wanted;
  const agree = (declared: number, given: number) => declared === -1 || declared === given;
  if (agree(channels, wanted.channels) && agree(height, wanted.height) && agree(width, wanted.width)) return;
  const takes = `network "${network.name}" takes images of ${channels}x${height}x${width} (channels, height, width)`;
  const prepared = `${wanted.channels}x${wanted.height}x${wanted.width}`;
  if (network.metadata) {
    const says = `"size": [${height}, ${width}], "channels": "${channels === 1 ? 'gray' : 'RGB'}"`;
    throw new InputError(
      `${takes}, and its own preprocessing makes ${prepared}: give it one with ${says}`,
      field,
    );
  }
  throw new InputError(
    `${takes}, and those of ${dataset.name} are ${prepared}: give the network a preprocessing with "size": [${height}, ${width}], and they are scaled, or give images of its size`,
    'dataset',
  );
}

/** A score for each of several classes: [batch, classes]. */
function checkSeveral(network: Network, dataset: DatasetFacts, field: string): void {
  const { name, outputs, metadata } = network;
  const classes = dataset.annotated?.classes ?? [];
  const shapes = inferShapes(network, 1);
  const [shape = [], ...others] = outputs.map((output) => shapes.get(output) ?? []);
  const [, scores = 0] = shape;
  if (others.length > 0 || shape.length < 2 || scores !== sizeOf(shape)) {
    throw new InputError(
      `network "${name}" has the output${others.length > 0 ? 's' : ''} ${outputs.map((output) => `"${output}" ${shapeText(shapes.get(output))}`).join(', ')}, and several classes per image need one with a score for each: export it with one output [batch, classes], or use metric fidelity`,
      field,
    );
  }
  if (scores === classes.length) return;
  if (metadata?.classes?.length === scores && hasAllClasses(metadata, { classes })) return;
  throw new InputError(
    `network "${name}" has ${scores} class${scores === 1 ? '' : 'es'}, ${dataset.name} names ${classes.length}: give labels of the network's classes, or of some of them to a network whose preprocessing names them all ("classes")`,
    'dataset',
  );
}

/** @throws {InputError} where images have none */
export function checkLabels({
  name,
  classes,
  annotated,
}: Pick<DatasetFacts, 'name' | 'classes' | 'annotated'>): void {
  if (classes.length > 0) return;
  throw new InputError(
    annotated?.form === 'several'
      ? `the images of ${name} show several classes each, and one is needed: give images in class folders (pruning and repair take several, with metric multilabel-ap)`
      : `the images of ${name} have no labels: give images in class folders (pruning and repair need none, with metric fidelity)`,
    'dataset',
  );
}

/** One row of scores out, a score for each class: [batch, classes]. */
function checkClasses(network: Network, dataset: DatasetFacts, field: string): void {
  const { name, outputs } = network;
  checkLabels(dataset);
  const [one, two] = [inferShapes(network, 1), inferShapes(network, 2)];
  const [shape = [], ...others] = outputs.map((output) => one.get(output) ?? []);
  const [, classes = 0] = shape;
  // One row an image: two images differ in the number of rows alone.
  const rows = takesOneImage(network) || `${two.get(outputs[0] ?? '')}` === `${[2, ...shape.slice(1)]}`;
  if (others.length > 0 || shape.length < 2 || !rows || classes !== sizeOf(shape)) {
    const listed = outputs.map((output) => `"${output}" ${shapeText(one.get(output), two.get(output))}`);
    throw new InputError(
      `network "${name}" has the output${others.length > 0 ? 's' : ''} ${listed.join(', ')}, and only class scores can be right or wrong: export it with one output [batch, classes], or use metric fidelity`,
      field,
    );
  }
  // One score, as a sigmoid gives it, tells two classes apart.
  if (classes === dataset.classes.length || (classes === 1 && dataset.classes.length === 2)) return;
  if (network.metadata?.classes?.length === classes && hasAllClasses(network.metadata, dataset)) return;
  const both = `network "${name}" has ${classes} class${classes === 1 ? '' : 'es'}, ${dataset.name} has ${dataset.classes.length}`;
  throw new InputError(
    `${both}: give a data set with the network's classes, or one with some of them to a network whose preprocessing names them all ("classes")`,
    'dataset',
  );
}

/** @param two the same value's for two images, where `one` is that for a single one */
function shapeText(one: Shape = [], two = one): string {
  const extents = one.map((extent, axis) => {
    if (extent === -1) return 'batch';
    if (extent === two[axis]) return extent;
    return extent === 1 ? 'batch' : `${extent}*batch`;
  });
  return `[${extents.join(', ')}]`;
}
