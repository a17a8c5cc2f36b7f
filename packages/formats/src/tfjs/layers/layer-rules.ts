import { attr } from '../graph-attributes.ts';
import { activation } from './activations.ts';
import { withoutBatch } from './building.ts';
import { type LayerRule, only } from './call.ts';
import type { Settings } from './config.ts';
import { mergingLayers } from './merging.ts';
import { windowLayers } from './windows.ts';
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
    ...mergingLayers,
    ...windowLayers,
    ...Object.fromEntries(onlyInTraining.map((name) => [name, same])),
    Activation: activated((settings) => settings.text('activation', 'linear')),
    ELU: elu,
    Flatten: flatten,
    LeakyReLU: leakyRelu,
    Permute: permute,
    ReLU: relu,
    Rescaling: rescaling,
    Reshape: reshape,
    Softmax: softmax,
  }),
);
