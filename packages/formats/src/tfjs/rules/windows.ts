import { float, int, ints, text } from '../attributes.ts';
import type { Dilation } from '../dilations.ts';
import type { GraphNode } from '../node-def.ts';
import type { Rule, Translation } from '../translation.ts';
import { activated, biasOf, type Last } from './fused.ts';

/** NHWC unless the node says otherwise. */
export function isChannelsLast(node: GraphNode): boolean {
  const format = node.text('data_format', 'NHWC').toUpperCase();
  if (format !== 'NHWC' && format !== 'NCHW')
    throw node.error(`data_format "${format}" is not read, NHWC and NCHW are`);
  return format === 'NHWC';
}

/** Height and width of a list that has an entry for each axis. */
function spatial(node: GraphNode, name: string): readonly number[] {
  const list = node.ints(name);
  if (list.length === 0) return [1, 1];
  if (list.length !== 4)
    throw node.error(`attribute "${name}" is [${list}], and has an entry for each of four axes`);
  const [height = 1, width = 1] = isChannelsLast(node) ? list.slice(1) : list.slice(2);
  return [height, width];
}

/** SAME pads at the end where it cannot be even, as TensorFlow does; PyTorch does not. */
function padding(node: GraphNode) {
  const how = node.text('padding', 'VALID').toUpperCase();
  if (how === 'SAME') return { auto_pad: text('SAME_UPPER') };
  if (how === 'VALID') return {};
  if (how === 'EXPLICIT') return { pads: ints(explicitPads(node)) };
  throw node.error(`padding "${how}" is not read; SAME, VALID and EXPLICIT are`);
}

function explicitPads(node: GraphNode): readonly number[] {
  const list = node.ints('explicit_paddings');
  if (list.length !== 8)
    throw node.error(`attribute "explicit_paddings" is [${list}], and has two entries for each axis`);
  const [top = 0, bottom = 0, left = 0, right = 0] = isChannelsLast(node) ? list.slice(2) : list.slice(4);
  return [top, left, bottom, right];
}

const convolution =
  (isDepthwise: boolean): Rule =>
  (node, to) => {
    const { bias, rest } = biasOf(node);
    const filter = node.input(1);
    const weight = isDepthwise
      ? depthwiseWeight(node, to, filter)
      : to.step(node, 'Transpose', [filter], { perm: ints([3, 2, 0, 1]) }, { as: 'filter' });
    const dilation = to.dilations.get(node.name);
    const attributes = {
      strides: ints(spatial(node, 'strides')),
      dilations: ints(dilation?.block ?? spatial(node, 'dilations')),
      group: int(isDepthwise ? channelsOf(node, to, filter) : 1),
      ...padding(node),
    };
    const x = dilation ? padded(node, to, dilation) : node.input(0);
    activated(node, to, onPlanes(node, to, 'Conv', attributes, [weight, ...bias], x), rest);
  };

/** What is cut off after the convolution need not be padded before it. */
function padded(node: GraphNode, to: Translation, { paddings, crops }: Dilation): string {
  const sizes = to.step(node, 'Sub', [to.asInt64(paddings), to.asInt64(crops)], {}, { as: 'pads' });
  const turned = to.step(node, 'Transpose', [sizes], { perm: ints([1, 0]) }, { as: 'pads' });
  const pads = to.step(node, 'Reshape', [turned, to.int64s(`${node.name}/all`, [-1])], {}, { as: 'pads' });
  return to.step(node, 'Pad', [node.input(0), pads, '', to.int64s(`${node.name}/axes`, [1, 2])]);
}

function channelsOf(node: GraphNode, to: Translation, filter: string): number {
  const shape = to.weightShape(filter);
  if (shape?.length !== 4)
    throw node.error(`its filter "${filter}" is computed, and must be a weight of four axes`);
  return shape[2] ?? 1;
}

/** [H, W, C, M] becomes [C x M, 1, H, W]. */
function depthwiseWeight(node: GraphNode, to: Translation, filter: string): string {
  const channels = channelsOf(node, to, filter);
  const [height = 1, width = 1, , multiplier = 1] = to.weightShape(filter) ?? [];
  const turned = to.step(node, 'Transpose', [filter], { perm: ints([2, 3, 0, 1]) }, { as: 'filter' });
  if (multiplier === 1) return turned;
  const shape = to.int64s(`${node.name}/filter_shape`, [channels * multiplier, 1, height, width]);
  return to.step(node, 'Reshape', [turned, shape], {}, { as: 'filter' });
}

const transposedConvolution: Rule = (node, to) => {
  const weight = to.step(node, 'Transpose', [node.input(1)], { perm: ints([3, 2, 0, 1]) }, { as: 'filter' });
  const last = isChannelsLast(node);
  const places = to.int64s(`${node.name}/places`, last ? [1, 2] : [2, 3]);
  const sizes = to.step(node, 'Gather', [to.asInt64(node.input(0)), places], {}, { as: 'sizes' });
  const how = node.text('padding', 'VALID').toUpperCase();
  const attributes = {
    strides: ints(spatial(node, 'strides')),
    dilations: ints(spatial(node, 'dilations')),
    padding: text(how),
    ...(how === 'EXPLICIT' ? { pads: ints(explicitPads(node)) } : {}),
  };
  const x = node.input(2);
  const behind = to.biases.get(node.name);
  const bias = behind?.input(1) ?? '';
  const made = behind ?? node;
  if (last) {
    const y = to.valueName(`${node.name}/ConvTranspose`);
    const first = to.step(node, 'Transpose', [x], { perm: ints([0, 3, 1, 2]) }, { as: 'first' });
    to.own(node, 'Conv2DBackpropInput', [first, weight, bias, sizes], [y], attributes);
    to.result(made, ...lastAgain(y));
  } else to.own(node, 'Conv2DBackpropInput', [x, weight, bias, sizes], [made.name], attributes);
};

const pool =
  (op: 'AveragePool' | 'MaxPool'): Rule =>
  (node, to) => {
    const kernel = spatial(node, 'ksize');
    const attributes = {
      kernel_shape: ints(kernel),
      strides: ints(spatial(node, 'strides')),
      ...padding(node),
      ...(op === 'AveragePool' ? { count_include_pad: int(0) } : {}),
    };
    to.result(node, ...onPlanes(node, to, op, attributes));
  };

/** An operation on planes of pixels, whatever the order of the axes in the graph. */
function onPlanes(
  node: GraphNode,
  to: Translation,
  op: string,
  attributes: Last[2],
  operands: readonly string[] = [],
  x = node.input(0),
): Last {
  if (!isChannelsLast(node)) return [op, [x, ...operands], attributes];
  const first = to.step(node, 'Transpose', [x], { perm: ints([0, 3, 1, 2]) }, { as: 'first' });
  return lastAgain(to.step(node, op, [first, ...operands], attributes, { main: true }));
}

function lastAgain(y: string): Last {
  return ['Transpose', [y], { perm: ints([0, 2, 3, 1]) }];
}

const batchNorm: Rule = (node, to) => {
  if (node.bool('is_training')) throw node.error('it is in training mode; convert the model for inference');
  const parameters = [1, 2, 3, 4].map((i) => node.input(i));
  const attributes = { epsilon: float(node.float('epsilon', 1e-4)) };
  to.result(node, ...onPlanes(node, to, 'BatchNormalization', attributes, parameters));
};

const localResponse: Rule = (node, to) => {
  const size = 2 * node.int('depth_radius', 5) + 1;
  const attributes = {
    size: int(size),
    bias: float(node.float('bias', 1)),
    alpha: float(node.float('alpha', 1) * size),
    beta: float(node.float('beta', 0.5)),
  };
  to.result(node, ...onPlanes(node, to, 'LRN', attributes));
};

const blocks =
  (op: 'DepthToSpace' | 'SpaceToDepth'): Rule =>
  (node, to) => {
    const blocksize = int(node.int('block_size'));
    const attributes = op === 'DepthToSpace' ? { blocksize, mode: text('DCR') } : { blocksize };
    to.result(node, ...onPlanes(node, to, op, attributes));
  };

/** They mix images, but for those around a convolution, whose windows they spread. */
const batchBlocks: Rule = (node, to) => {
  if (to.dilations.has(node.name)) to.result(node, 'Identity', [node.input(0)]);
  else throw node.error('it makes several images of one, which is read around a convolution only');
};

const resize =
  (mode: 'linear' | 'nearest'): Rule =>
  (node, to) => {
    const corners = node.bool('align_corners');
    const centres = node.bool('half_pixel_centers');
    const coordinates = corners ? 'align_corners' : centres ? 'half_pixel' : 'asymmetric';
    to.result(node, 'Resize', [node.input(0), '', '', to.asInt64(node.input(1))], {
      mode: text(mode),
      axes: ints([1, 2]),
      coordinate_transformation_mode: text(coordinates),
      ...(mode === 'nearest' && { nearest_mode: text(corners || centres ? 'round_prefer_ceil' : 'floor') }),
    });
  };

export const windowRules: Readonly<Record<string, Rule>> = {
  _FusedConv2D: convolution(false),
  AvgPool: pool('AveragePool'),
  BatchToSpaceND: batchBlocks,
  Conv2D: convolution(false),
  Conv2DBackpropInput: transposedConvolution,
  DepthToSpace: blocks('DepthToSpace'),
  DepthwiseConv2dNative: convolution(true),
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  FusedDepthwiseConv2dNative: convolution(true),
  LRN: localResponse,
  MaxPool: pool('MaxPool'),
  ResizeBilinear: resize('linear'),
  ResizeNearestNeighbor: resize('nearest'),
  SpaceToBatchND: batchBlocks,
  SpaceToDepth: blocks('SpaceToDepth'),
};
