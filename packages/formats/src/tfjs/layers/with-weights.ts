import type { Shape } from '@espalier/network';
import { attr } from '../graph-attributes.ts';
import { activation, fusable } from './activations.ts';
import { windowed } from './building.ts';
import { type Call, type LayerRule, only, spaceOf } from './call.ts';
import { scaledShape } from './sizes.ts';

/** Of a convolution: its bias and its activation go with it where they can. */
function layer(
  { settings, to, name, path }: Call,
  [plain, fused]: readonly [string, string],
  inputs: readonly string[],
  attributes: Readonly<Record<string, unknown>> = {},
): void {
  const which = settings.text('activation', 'linear').toLowerCase();
  const bias = settings.flag('use_bias', true) ? [to.weight(settings, path, 'bias').name] : [];
  const own = bias.length > 0 && Object.hasOwn(fusable, which) ? fusable[which] : undefined;
  const isOver = which === 'linear' || own !== undefined;
  const value = isOver ? name : `${name}/${plain}`;
  if (bias.length === 0) to.node(plain, inputs, value, attributes);
  else {
    const ops = ['BiasAdd', ...(own === undefined ? [] : [own])];
    to.node(fused, [...inputs, ...bias], value, {
      ...attributes,
      fused_ops: attr.texts(ops),
      num_args: attr.int(1),
    });
  }
  if (!isOver) activation(to, settings, which, value, name);
}

const CONV = ['Conv2D', '_FusedConv2D'] as const;
const DEPTHWISE = ['DepthwiseConv2dNative', 'FusedDepthwiseConv2dNative'] as const;

/** How a convolution moves, and how large what it makes is. */
function movement(call: Call, window: readonly [number, number]) {
  const { settings } = call;
  const [height, width] = spaceOf(call);
  const strides = settings.pair('strides', [1, 1]);
  const dilations = settings.pair('dilation_rate', [1, 1]);
  const padding = settings.text('padding', 'valid');
  const reach = window.map((extent, i) => (extent - 1) * (dilations[i] ?? 1) + 1);
  const attributes = {
    strides: attr.ints([1, ...strides, 1]),
    dilations: attr.ints([1, ...dilations, 1]),
    padding: attr.text(padding.toUpperCase()),
    data_format: attr.text('NHWC'),
  };
  const size = [
    windowed(height, reach[0] ?? 1, strides[0], padding),
    windowed(width, reach[1] ?? 1, strides[1], padding),
  ] as const;
  return { attributes, size };
}

function windowOf(call: Call, shape: Shape): readonly [number, number] {
  if (shape.length !== 4)
    throw call.settings.error(`its kernel has shape [${shape}], and four axes are read`);
  return [shape[0] ?? 1, shape[1] ?? 1];
}

const conv: LayerRule = (call) => {
  const kernel = call.to.weight(call.settings, call.path, 'kernel');
  if (call.settings.number('groups', 1) !== 1) throw call.settings.error('groups are not read');
  const { attributes, size } = movement(call, windowOf(call, kernel.shape));
  layer(call, CONV, [only(call).name, kernel.name], attributes);
  return [-1, ...size, kernel.shape[3] ?? 1];
};

const depthwise: LayerRule = (call) => {
  const { settings, to, path } = call;
  // Keras 3 calls it like any other.
  const kind = to.has(settings, path, 'kernel') ? 'kernel' : 'depthwise_kernel';
  const kernel = to.weight(settings, path, kind);
  const { attributes, size } = movement(call, windowOf(call, kernel.shape));
  layer(call, DEPTHWISE, [only(call).name, kernel.name], attributes);
  return [-1, ...size, (kernel.shape[2] ?? 1) * (kernel.shape[3] ?? 1)];
};

const separable: LayerRule = (call) => {
  const { settings, to, path, name } = call;
  const kernel = to.weight(settings, path, 'depthwise_kernel');
  const point = to.weight(settings, path, 'pointwise_kernel');
  const { attributes, size } = movement(call, windowOf(call, kernel.shape));
  const planes = to.node(
    'DepthwiseConv2dNative',
    [only(call).name, kernel.name],
    `${name}/depthwise`,
    attributes,
  );
  const one = {
    strides: attr.ints([1, 1, 1, 1]),
    padding: attr.text('VALID'),
    data_format: attr.text('NHWC'),
  };
  layer(call, CONV, [planes, point.name], one);
  return [-1, ...size, point.shape[3] ?? 1];
};

const transposed: LayerRule = (call) => {
  const { settings, to, path, name } = call;
  const kernel = to.weight(settings, path, 'kernel');
  const window = windowOf(call, kernel.shape);
  const strides = settings.pair('strides', [1, 1]);
  const padding = settings.text('padding', 'valid');
  if (settings.has('output_padding')) throw settings.error('"output_padding" is not read');
  const beyond = (i: 0 | 1) => (padding === 'same' ? 0 : Math.max((window[i] ?? 1) - strides[i], 0));
  const scaling = { times: strides, plus: [beyond(0), beyond(1)] } as const;
  const { value: sizes, extents } = scaledShape(call, scaling, kernel.shape[2] ?? 1);
  const bias = settings.flag('use_bias', true) ? to.weight(settings, path, 'bias').name : undefined;
  const which = settings.text('activation', 'linear').toLowerCase();
  const attributes = {
    strides: attr.ints([1, ...strides, 1]),
    dilations: attr.ints([1, ...settings.pair('dilation_rate', [1, 1]), 1]),
    padding: attr.text(padding.toUpperCase()),
    data_format: attr.text('NHWC'),
  };
  const value = to.node(
    'Conv2DBackpropInput',
    [sizes, kernel.name, only(call).name],
    `${name}/transposed`,
    attributes,
  );
  const shifted =
    bias === undefined
      ? value
      : to.node('BiasAdd', [value, bias], `${name}/biased`, { data_format: attr.text('NHWC') });
  activation(to, settings, which, shifted, name);
  return [-1, ...extents, kernel.shape[2] ?? 1];
};

const dense: LayerRule = (call) => {
  const { settings, to, path, name } = call;
  const x = only(call);
  const kernel = to.weight(settings, path, 'kernel');
  const units = kernel.shape[1] ?? 1;
  const shape = [...x.shape.slice(0, -1), units];
  if (x.shape.length === 2) {
    layer(call, ['MatMul', '_FusedMatMul'], [x.name, kernel.name]);
    return shape;
  }
  const product = to.node('BatchMatMulV2', [x.name, kernel.name], `${name}/product`);
  const bias = settings.flag('use_bias', true) ? to.weight(settings, path, 'bias').name : undefined;
  const shifted = bias === undefined ? product : to.node('AddV2', [product, bias], `${name}/biased`);
  activation(to, settings, settings.text('activation', 'linear'), shifted, name);
  return shape;
};

const batchNorm: LayerRule = (call) => {
  const { settings, to, path, name } = call;
  const x = only(call);
  const [axis = -1] = settings.has('axis') ? settings.whole('axis') : [-1];
  if (axis !== -1 && axis !== x.shape.length - 1)
    throw settings.error('an axis other than the last is not read');
  if (x.shape.length !== 4 && x.shape.length !== 2)
    throw settings.error(`its input [${x.shape}] is no picture and no list`);
  const mean = to.weight(settings, path, 'moving_mean');
  const count = mean.shape[0] ?? 1;
  const own = (kind: string, isThere: boolean, value: number) =>
    isThere
      ? to.weight(settings, path, kind).name
      : to.floats(`${name}/${kind}`, new Array<number>(count).fill(value), [count]);
  const parameters = [
    own('gamma', settings.flag('scale', true), 1),
    own('beta', settings.flag('center', true), 0),
    mean.name,
    to.weight(settings, path, 'moving_variance').name,
  ];
  to.node('FusedBatchNormV3', [x.name, ...parameters], name, {
    epsilon: attr.float(settings.number('epsilon', 1e-3)),
    is_training: attr.bool(false),
    // Of a list the second axis are the channels, as of planes that stand first.
    data_format: attr.text(x.shape.length === 4 ? 'NHWC' : 'NCHW'),
  });
  return x.shape;
};

const prelu: LayerRule = (call) => {
  const x = only(call);
  const slope = call.to.weight(call.settings, call.path, 'alpha');
  call.to.node('Prelu', [x.name, slope.name], call.name);
  return x.shape;
};

export const layersWithWeights: Readonly<Record<string, LayerRule>> = {
  BatchNormalization: batchNorm,
  Conv2D: conv,
  Conv2DTranspose: transposed,
  Dense: dense,
  DepthwiseConv2D: depthwise,
  PReLU: prelu,
  SeparableConv2D: separable,
};
