import { InputError } from '@espalier/errors';
import { findOperation, type ResizeAttributes } from '@espalier/network';
import type { Tensor } from '@tensorflow/tfjs';
import type { Emission } from '../emission.ts';
import { axesIn, type Tf } from '../value.ts';

/** Axis by axis: nearest picks entries, linear mixes two of them. */
export const resize: Emission<ResizeAttributes> = {
  op: 'Resize',
  prepare(node, { tf }) {
    const { mode, scales, coordinate_transformation_mode, nearest_mode } = node.attributes;
    if (mode === 'cubic' || node.attributes.antialias) {
      throw new InputError(
        `TensorFlow.js cannot run Resize "${node.name}" ${mode === 'cubic' ? 'in mode cubic' : 'with anti-aliasing'}: use the engine onnxruntime`,
        'engine',
      );
    }
    const transform = named(TRANSFORMATIONS, coordinate_transformation_mode, node.name);
    const nearest = mode === 'nearest' ? named(ROUNDINGS, nearest_mode, node.name) : undefined;
    return (inputs) => {
      const { layout, shape } = inputs(0);
      const out = findOperation(node.op)?.shapes(node, [shape])[0] ?? shape;
      const x = inputs(0).in(layout);
      // As ONNX Runtime has it: what keeps its size stays as it is, whatever the scales.
      if (out.every((extent, axis) => extent === shape[axis])) return [{ tensor: x.clone(), layout }];
      const factors = axesIn(layout, scales);
      const tensor = axesIn(layout, out).reduce((resized: Tensor, to, axis) => {
        const scale = Math.fround(factors[axis] ?? 1);
        if (scale === 1) return resized;
        const position = transform(resized.shape[axis] ?? 1, to, scale);
        const positions = Array.from({ length: to }, (_, i) => Math.fround(position(i)));
        return nearest
          ? picked(tf, resized, axis, positions.map(nearest))
          : mixed(tf, resized, axis, positions);
      }, x);
      return [{ tensor, layout }];
    };
  },
};

function named<T>(known: Readonly<Record<string, T>>, name: string, node: string): T {
  const found = known[name];
  if (!found) throw new InputError(`TensorFlow.js cannot run Resize "${node}" in mode ${name}`);
  return found;
}

/** Where the i-th of `to` entries lies among `from` entries; in single precision, as elsewhere. */
type Transformation = (from: number, to: number, scale: number) => (i: number) => number;

const halfPixel: Transformation = (_from, _to, scale) => (i) => Math.fround((i + 0.5) / scale) - 0.5;

const TRANSFORMATIONS: Readonly<Record<string, Transformation>> = {
  asymmetric: (_from, _to, scale) => (i) => i / scale,
  half_pixel: halfPixel,
  pytorch_half_pixel: (from, to, scale) => (to > 1 ? halfPixel(from, to, scale) : () => 0),
  align_corners: (from, to) => (to > 1 ? (i) => (i * (from - 1)) / (to - 1) : () => 0),
};

const ROUNDINGS: Readonly<Record<string, (position: number) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  round_prefer_ceil: (position) => Math.floor(position + 0.5),
  round_prefer_floor: (position) => Math.ceil(position - 0.5),
};

function picked(tf: Tf, x: Tensor, axis: number, indices: readonly number[]): Tensor {
  const last = (x.shape[axis] ?? 1) - 1;
  const inside = indices.map((index) => Math.min(Math.max(index, 0), last));
  return tf.gather(x, tf.tensor1d(inside, 'int32'), axis);
}

function mixed(tf: Tf, x: Tensor, axis: number, positions: readonly number[]): Tensor {
  const last = (x.shape[axis] ?? 1) - 1;
  const inside = positions.map((position) => Math.min(Math.max(position, 0), last));
  const shape = x.shape.map((_, i) => (i === axis ? inside.length : 1));
  const share = tf.tensor(
    inside.map((position) => position - Math.floor(position)),
    shape,
  );
  const low = picked(tf, x, axis, inside.map(Math.floor));
  const above = inside.map((position) => Math.floor(position) + 1);
  const high = picked(tf, x, axis, above);
  return tf.add(low, tf.mul(tf.sub(high, low), share));
}
