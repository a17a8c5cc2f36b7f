import { attr } from '../graph-attributes.ts';
import { windowed } from './building.ts';
import { type LayerRule, only, spaceOf } from './call.ts';

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
  // TensorFlow.js scales corners as they are, and so do pages; Keras uses the centres of pixels.
  const centres = { half_pixel_centers: attr.bool(bilinear && to.dialect !== 'tfjs') };
  to.node(bilinear ? 'ResizeBilinear' : 'ResizeNearestNeighbor', [only(call).name, size], name, centres);
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
