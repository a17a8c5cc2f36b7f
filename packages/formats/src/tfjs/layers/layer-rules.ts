import type { Shape } from '@espalier/network';
import { activation } from './activations.ts';
import { attr, windowed, withoutBatch } from './building.ts';
import { type LayerRule, only, spaceOf } from './call.ts';
import type { Settings } from './config.ts';
import { layersWithWeights } from './with-weights.ts';

const same: LayerRule = (call) => {
  const x = only(call);
  call.to.node('Identity', [x.name], call.name);
  return x.shape;
};

const activated =
  (which: (settings: Settings) => string): LayerRule =>
  (call) => {
    const x = only(call);
    activation(call.to, call.settings, which(call.settings), x.name, call.name);
    return x.shape;
  };

const relu: LayerRule = (call) => {
  const { settings, to, name } = call;
  const x = only(call);
  const slope = settings.number('negative_slope', 0);
  const most = settings.has('max_value') ? settings.number('max_value', 0) : undefined;
  if (settings.number('threshold', 0) !== 0) throw settings.error('a threshold is not read');
  if (slope !== 0 && most !== undefined)
    throw settings.error('a slope and a largest value together are not read');
  if (slope !== 0) to.node('LeakyRelu', [x.name], name, { alpha: attr.float(slope) });
  else if (most === undefined) to.node('Relu', [x.name], name);
  else
    to.node('ClipByValue', [x.name, to.floats(`${name}/min`, [0]), to.floats(`${name}/max`, [most])], name);
  return x.shape;
};

const leakyRelu: LayerRule = (call) => {
  const { settings } = call;
  const x = only(call);
  const slope = settings.has('alpha')
    ? settings.number('alpha', 0.3)
    : settings.number('negative_slope', 0.3);
  call.to.node('LeakyRelu', [x.name], call.name, { alpha: attr.float(slope) });
  return x.shape;
};

const elu: LayerRule = (call) => {
  if (call.settings.number('alpha', 1) !== 1) throw call.settings.error('an alpha other than 1 is not read');
  const x = only(call);
  call.to.node('Elu', [x.name], call.name);
  return x.shape;
};

const softmax: LayerRule = (call) => {
  const x = only(call);
  const axis = call.settings.number('axis', -1);
  if (axis !== -1 && axis !== x.shape.length - 1)
    throw call.settings.error('an axis other than the last is not read');
  call.to.node('Softmax', [x.name], call.name);
  return x.shape;
};

/** One operation of two values, one after the other. */
const merged =
  (op: string): LayerRule =>
  ({ settings, inputs, name, to }) => {
    const [first, ...others] = inputs;
    const last = others.pop();
    if (!first || !last) throw settings.error('it reads fewer than two values');
    const before = others.reduce(
      (sum, value, i) => to.node(op, [sum, value.name], `${name}/${op}_${i}`),
      first.name,
    );
    to.node(op, [before, last.name], name);
    return broadcast(inputs.map(({ shape }) => shape));
  };

function broadcast(shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, i) => {
    const extents = shapes.map((shape) => shape[i - rank + shape.length] ?? 1);
    return extents.find((extent) => extent !== 1) ?? 1;
  });
}

const average: LayerRule = (call) => {
  const { inputs, name, to } = call;
  const shape = merged('AddV2')({ ...call, name: `${name}/Sum` });
  to.node('Mul', [`${name}/Sum`, to.floats(`${name}/share`, [1 / inputs.length])], name);
  return shape;
};

const concatenate: LayerRule = ({ settings, inputs, name, to }) => {
  const [first] = inputs;
  if (!first) throw settings.error('it reads nothing');
  const axis = settings.number('axis', -1);
  const own = axis < 0 ? axis + first.shape.length : axis;
  to.node('ConcatV2', [...inputs.map((each) => each.name), to.ints(`${name}/axis`, [own], [])], name);
  const extents = inputs.map(({ shape }) => shape[own] ?? -1);
  const extent = extents.includes(-1) ? -1 : extents.reduce((sum, each) => sum + each, 0);
  return first.shape.map((each, i) => (i === own ? extent : each));
};

const flatten: LayerRule = (call) => {
  const x = only(call);
  const count = withoutBatch(x.shape);
  if (count < 0) throw call.settings.error('its input leaves a size open');
  call.to.node('Reshape', [x.name, call.to.ints(`${call.name}/shape`, [-1, count])], call.name);
  return [-1, count];
};

const reshape: LayerRule = (call) => {
  const x = only(call);
  const given = call.settings.layer.config.target_shape;
  // TensorFlow.js writes null for what Keras writes -1 for.
  const target = call.settings.whole(
    'target_shape',
    Array.isArray(given) ? given.map((each) => each ?? -1) : given,
  );
  const count = withoutBatch(x.shape);
  const known = target.reduce((product, extent) => product * (extent === -1 ? 1 : extent), 1);
  const shape = target.map((extent) => (extent === -1 && count > 0 ? count / known : extent));
  call.to.node('Reshape', [x.name, call.to.ints(`${call.name}/shape`, [-1, ...shape])], call.name);
  return [-1, ...shape];
};

const permute: LayerRule = (call) => {
  const x = only(call);
  const perm = [0, ...call.settings.whole('dims')];
  call.to.node('Transpose', [x.name, call.to.ints(`${call.name}/perm`, perm)], call.name);
  return perm.map((axis) => x.shape[axis] ?? -1);
};

const pooled =
  (op: 'AvgPool' | 'MaxPool'): LayerRule =>
  (call) => {
    const { settings, to, name } = call;
    const [height, width, channels] = spaceOf(call);
    const window = settings.pair('pool_size', [2, 2]);
    const strides = settings.has('strides') ? settings.pair('strides', window) : window;
    const padding = settings.text('padding', 'valid');
    to.node(op, [only(call).name], name, {
      ksize: attr.ints([1, ...window, 1]),
      strides: attr.ints([1, ...strides, 1]),
      padding: attr.text(padding.toUpperCase()),
      data_format: attr.text('NHWC'),
    });
    return [
      -1,
      windowed(height, window[0], strides[0], padding),
      windowed(width, window[1], strides[1], padding),
      channels,
    ];
  };

const global =
  (op: 'Max' | 'Mean'): LayerRule =>
  (call) => {
    const [, , channels] = spaceOf(call);
    const keeps = call.settings.flag('keepdims', false);
    const axes = call.to.ints(`${call.name}/axes`, [1, 2]);
    call.to.node(op, [only(call).name, axes], call.name, { keep_dims: attr.bool(keeps) });
    return keeps ? [-1, 1, 1, channels] : [-1, channels];
  };

const upSampling: LayerRule = (call) => {
  const { settings, to, name } = call;
  const [height, width, channels] = spaceOf(call);
  const [rows, columns] = settings.pair('size', [2, 2]);
  if (height < 0 || width < 0) throw settings.error('its input leaves a size open');
  const bilinear = settings.text('interpolation', 'nearest') === 'bilinear';
  const size = to.ints(`${name}/size`, [height * rows, width * columns]);
  // TensorFlow.js scales corners as they are; so do pages.
  to.node(bilinear ? 'ResizeBilinear' : 'ResizeNearestNeighbor', [only(call).name, size], name);
  return [-1, height * rows, width * columns, channels];
};

const padded: LayerRule = (call) => {
  const [height, width, channels] = spaceOf(call);
  const [top, bottom, left, right] = call.settings.margins('padding');
  const pads = call.to.ints(`${call.name}/pads`, [0, 0, top, bottom, left, right, 0, 0], [4, 2]);
  call.to.node('Pad', [only(call).name, pads], call.name);
  const wider = (extent: number, by: number) => (extent < 0 ? -1 : extent + by);
  return [-1, wider(height, top + bottom), wider(width, left + right), channels];
};

const cropped: LayerRule = (call) => {
  const { settings, to, name } = call;
  const [height, width, channels] = spaceOf(call);
  const [top, bottom, left, right] = settings.margins('cropping');
  if (height < 0 || width < 0) throw settings.error('its input leaves a size open');
  const size = [height - top - bottom, width - left - right] as const;
  const begin = to.ints(`${name}/begin`, [0, top, left, 0]);
  to.node('Slice', [only(call).name, begin, to.ints(`${name}/size`, [-1, ...size, -1])], name);
  return [-1, ...size, channels];
};

const rescaling: LayerRule = (call) => {
  const { settings, to, name } = call;
  const x = only(call);
  const scaled = to.node(
    'Mul',
    [x.name, to.floats(`${name}/scale`, [settings.number('scale', 1)])],
    `${name}/Mul`,
  );
  to.node('AddV2', [scaled, to.floats(`${name}/offset`, [settings.number('offset', 0)])], name);
  return x.shape;
};

const onlyInTraining = [
  ...[
    'ActivityRegularization',
    'AlphaDropout',
    'Dropout',
    'GaussianDropout',
    'GaussianNoise',
    'SpatialDropout2D',
  ],
];

/** What each class of layers computes. */
export const layerRules: ReadonlyMap<string, LayerRule> = new Map<string, LayerRule>(
  Object.entries({
    ...layersWithWeights,
    ...Object.fromEntries(onlyInTraining.map((name) => [name, same])),
    Activation: activated((settings) => settings.text('activation', 'linear')),
    Add: merged('AddV2'),
    Average: average,
    AveragePooling2D: pooled('AvgPool'),
    Concatenate: concatenate,
    Cropping2D: cropped,
    ELU: elu,
    Flatten: flatten,
    GlobalAveragePooling2D: global('Mean'),
    GlobalMaxPooling2D: global('Max'),
    LeakyReLU: leakyRelu,
    MaxPooling2D: pooled('MaxPool'),
    Maximum: merged('Maximum'),
    Minimum: merged('Minimum'),
    Multiply: merged('Mul'),
    Permute: permute,
    ReLU: relu,
    Rescaling: rescaling,
    Reshape: reshape,
    Softmax: softmax,
    Subtract: merged('Sub'),
    UpSampling2D: upSampling,
    ZeroPadding2D: padded,
  }),
);
