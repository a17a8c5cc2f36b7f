import { type Attributes, type SliceAttributes, sizeOf } from '@espalier/network';
import { anyLayout, type Emission, inLayout, unprepared } from '../emission.ts';
import { axisIn, type Computed } from '../value.ts';
import { commonLayout } from './arithmetic.ts';
import { stepped } from './window.ts';

type Axis = Attributes & { readonly axis: number };

export const concat = unprepared<Axis>('Concat', (inputs, node, tf) => {
  const values = node.inputs.map((_, i) => inputs(i));
  const layout = commonLayout(values);
  const axis = axisIn(layout, node.attributes.axis);
  const images = Math.max(...values.map(({ shape }) => shape[0] ?? 1));
  const tensors = values.map((value) => {
    const tensor = value.in(layout);
    const once = axis > 0 && tensor.shape[0] !== images;
    return once ? tf.broadcastTo(tensor, [images, ...tensor.shape.slice(1)]) : tensor;
  });
  return { tensor: tf.concat(tensors, axis), layout };
});

export const split: Emission<Axis & { readonly split: readonly number[] }> = {
  op: 'Split',
  prepare:
    (node, { tf }) =>
    (inputs) => {
      const { layout } = inputs(0);
      const { axis, split: sizes } = node.attributes;
      const parts = tf.split(inputs(0).in(layout), [...sizes], axisIn(layout, axis));
      return parts.map((tensor): Computed => ({ tensor, layout }));
    },
};

export const slice = anyLayout<SliceAttributes>('Slice', (tensor, { attributes }, tf, layout) => {
  const { axes, starts, ends, steps } = attributes;
  const [begin, size, step] = [tensor.shape.map(() => 0), [...tensor.shape], tensor.shape.map(() => 1)];
  axes.forEach((axis, i) => {
    const at = axisIn(layout, axis);
    begin[at] = starts[i] ?? 0;
    size[at] = (ends[i] ?? 0) - (starts[i] ?? 0);
    step[at] = steps[i] ?? 1;
  });
  return stepped(tf, tf.slice(tensor, begin, size), step);
});

export const gather: Emission<Axis & { readonly indices: readonly number[] }> = {
  op: 'Gather',
  prepare(node, { tf, keep }) {
    const indices = keep(() => tf.tensor1d([...node.attributes.indices], 'int32'));
    return (inputs) => {
      const { layout } = inputs(0);
      const tensor = tf.gather(inputs(0).in(layout), indices, axisIn(layout, node.attributes.axis));
      return [{ tensor, layout }];
    };
  },
};

export const reshape = inLayout<Attributes & { readonly shape: readonly number[] }>(
  'Reshape',
  'nchw',
  (x, { attributes }, tf) => tf.reshape(x, [...attributes.shape]),
);

export const flatten = inLayout<Axis>('Flatten', 'nchw', (x, { attributes }, tf) =>
  tf.reshape(x, [sizeOf(x.shape.slice(0, attributes.axis)), -1]),
);

/** Between the orders NCHW and NHWC a transposition is a change of name. */
export const transpose = unprepared<Attributes & { readonly perm: readonly number[] }>(
  'Transpose',
  (inputs, { attributes: { perm } }, tf) => {
    const x = inputs(0);
    if (x.layout === 'nhwc' && perm.join() === '0,2,3,1') return { tensor: x.nhwc().clone(), layout: 'nchw' };
    if (x.layout === 'nchw' && perm.join() === '0,3,1,2') return { tensor: x.nchw().clone(), layout: 'nhwc' };
    return { tensor: tf.transpose(x.nchw(), [...perm]), layout: 'nchw' };
  },
);
