import { attr } from '../graph-attributes.ts';
import { windowed } from './building.ts';
import { type LayerRule, only, spaceOf } from './call.ts';
import { scaledSize } from './sizes.ts';

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
  const [, , channels] = spaceOf(call);
  const { value, extents } = scaledSize(call, { times: settings.pair('size', [2, 2]) });
  const bilinear = settings.text('interpolation', 'nearest') === 'bilinear';
  // TensorFlow.js scales corners as they are, and so do pages; Keras uses the centres of pixels.
  const centres = { half_pixel_centers: attr.bool(bilinear && to.dialect !== 'tfjs') };
  to.node(bilinear ? 'ResizeBilinear' : 'ResizeNearestNeighbor', [only(call).name, value], name, centres);
  return [-1, ...extents, channels];
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
  const begin = to.ints(`${name}/begin`, [0, top, left, 0]);
  const end = to.ints(`${name}/end`, [0, -bottom, -right, 0]);
  const step = to.ints(`${name}/step`, [1, 1, 1, 1]);
  // A bit for each axis which ends where it ends: -0 is no end.
  const whole = [0, -bottom, -right, 0].reduce((mask, by, axis) => mask | (by === 0 ? 1 << axis : 0), 0);
  to.node('StridedSlice', [only(call).name, begin, end, step], name, { end_mask: attr.int(whole) });
  const smaller = (extent: number, by: number) => (extent < 0 ? -1 : extent - by);
  return [-1, smaller(height, top + bottom), smaller(width, left + right), channels];
};

/** Layers without weights that go over the pixels of a picture. */
export const windowLayers: Readonly<Record<string, LayerRule>> = {
  AveragePooling2D: pooled('AvgPool'),
  Cropping2D: cropped,
  GlobalAveragePooling2D: global('Mean'),
  GlobalMaxPooling2D: global('Max'),
  MaxPooling2D: pooled('MaxPool'),
  UpSampling2D: upSampling,
  ZeroPadding2D: padded,
};
