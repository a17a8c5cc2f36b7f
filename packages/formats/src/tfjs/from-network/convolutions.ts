import {
  type ConvAttributes,
  type ConvTransposeAttributes,
  type Node,
  outputOf,
  type Tensor,
  takeAlong,
} from '@espalier/network';
import { attr } from '../graph-attributes.ts';
import { type GraphWriter, turned } from './graph-writer.ts';
import { imagesAnd } from './images.ts';
import { rule, type WriteRule } from './rule.ts';
import { everyNth, framed, windowAttributes } from './windows.ts';

/** Activations that a convolution takes with it, with what the graph says of them. */
function fusableOf({
  op,
  attributes,
}: Node): { readonly op: string; readonly attributes: object } | undefined {
  if (op === 'Relu' || op === 'Sigmoid') return { op, attributes: {} };
  if (op === 'Elu' && attributes.alpha === 1) return { op, attributes: {} };
  if (op === 'Clip' && attributes.min === 0 && attributes.max === 6) return { op: 'Relu6', attributes: {} };
  if (op === 'LeakyRelu' && typeof attributes.alpha === 'number')
    return { op, attributes: { leakyrelu_alpha: attr.float(attributes.alpha) } };
  return undefined;
}

const convolution = rule<ConvAttributes>((node, to) => {
  const { group, strides, dilations } = node.attributes;
  const [x = '', w = '', bias] = node.inputs;
  const [, perGroup = 1, height = 1, width = 1] = to.shape(w);
  const isDepthwise = group > 1 && perGroup === 1;
  const reach = [height, width].map((extent, i) => (extent - 1) * (dilations[i] ?? 1) + 1);
  // TensorFlow.js has strides or dilations, not both.
  const isBoth = strides.some((stride) => stride > 1) && dilations.some((dilation) => dilation > 1);
  const { input, how } = framed(node, to, x, {
    ...node.attributes,
    strides: isBoth ? [1, 1] : strides,
    reach,
  });
  const attributes = {
    ...windowAttributes(how, isBoth ? [1, 1] : strides),
    dilations: attr.ints([1, ...dilations, 1]),
  };
  const filters = isDepthwise ? [depthwiseFilter(node, to)] : filtersOf(node, to);
  const own = bias !== undefined && to.isConstant(bias) ? bias : undefined;
  const op = isDepthwise ? 'DepthwiseConv2dNative' : 'Conv2D';
  const [first = '', ...others] = filters;
  if (others.length === 0 && own !== undefined && !isBoth) {
    const behind = to.fusedInto(node, fusableOf);
    const fused = behind && fusableOf(behind);
    to.define(
      outputOf(behind ?? node),
      'last',
      isDepthwise ? 'FusedDepthwiseConv2dNative' : '_FusedConv2D',
      [input, first, to.in(own, 'first')],
      {
        ...attributes,
        ...fused?.attributes,
        fused_ops: attr.texts(['BiasAdd', ...(fused ? [fused.op] : [])]),
        num_args: attr.int(1),
      },
    );
    return;
  }
  const steps: Steps = (name, inputs, more = {}) => to.step(node, name, inputs, more);
  let value = byGroup(to, steps, input, filters, (part, filter) => steps(op, [part, filter], attributes));
  if (isBoth) value = everyNth(node, to, value, strides);
  if (bias === undefined) to.alias(outputOf(node), 'last', value);
  else to.define(outputOf(node), 'last', own ? 'BiasAdd' : 'AddV2', [value, to.in(bias, 'first')]);
});

type Steps = (
  op: string,
  inputs: readonly string[],
  attributes?: Readonly<Record<string, unknown>>,
) => string;

/** Each group's filter over its part of the channels. */
function byGroup(
  to: GraphWriter,
  step: Steps,
  x: string,
  filters: readonly string[],
  convolve: (part: string, filter: string) => string,
): string {
  const [first = ''] = filters;
  if (filters.length === 1) return convolve(x, first);
  const axis = to.ints([3], []);
  const split = step('Split', [axis, x], { num_split: attr.int(filters.length) });
  const parts = filters.map((filter, i) => convolve(i === 0 ? split : `${split}:${i}`, filter));
  return step('ConcatV2', [...parts, axis], { N: attr.int(parts.length) });
}

/** [out, c / group, kh, kw] becomes [kh, kw, c / group, out / group] for each group. */
function filtersOf(node: Node<ConvAttributes>, to: GraphWriter): string[] {
  const w = node.inputs[1] ?? '';
  const { group } = node.attributes;
  const perm = [2, 3, 1, 0];
  if (!to.isConstant(w) && group === 1)
    return [to.step(node, 'Transpose', [to.in(w, 'first'), to.ints(perm)], { Tperm: attr.type('DT_INT32') })];
  const weight = to.weightOf(node, 1);
  return Array.from({ length: group }, (_, g) =>
    to.made(w, `filter ${g} of ${group}`, () => turned(partOf(weight, g, group), perm)),
  );
}

/** [c x m, 1, kh, kw] becomes [kh, kw, c, m]. */
function depthwiseFilter(node: Node<ConvAttributes>, to: GraphWriter): string {
  const { group } = node.attributes;
  const { dims, data } = to.weightOf(node, 1);
  const [out = 1, , height = 1, width = 1] = dims;
  return to.made(node.inputs[1] ?? '', `depthwise ${group}`, () =>
    turned({ dims: [group, out / group, height, width], data }, [2, 3, 0, 1]),
  );
}

/** One of so many equal parts of the first axis. */
function partOf(weight: Tensor, part: number, count: number): Tensor {
  if (count === 1) return weight;
  const size = (weight.dims[0] ?? 1) / count;
  return takeAlong(
    weight,
    0,
    Array.from({ length: size }, (_, i) => part * size + i),
  );
}

/** The whole output without padding, and of that what the pads leave. */
const transposedConvolution = rule<ConvTransposeAttributes>((node, to) => {
  const { group, strides, dilations, pads, output_padding } = node.attributes;
  const [x = '', w = '', bias] = node.inputs;
  const [, , height = 1, width = 1] = to.shape(x);
  const weight = to.weightOf(node, 1);
  const [, out = 1, ...window] = weight.dims;
  const whole = [height, width].map((extent, i) => {
    const reach = ((window[i] ?? 1) - 1) * (dilations[i] ?? 1) + 1;
    return (extent - 1) * (strides[i] ?? 1) + reach + (output_padding[i] ?? 0);
  });
  const input = to.in(x, 'last');
  const steps: Steps = (op, inputs, more = {}) => to.step(node, op, inputs, more);
  const sizes = imagesAnd(node, to, [input, to.shape(x)], [...whole, out]);
  const filters = Array.from({ length: group }, (_, g) =>
    to.made(w, `back ${g} of ${group}, ${dilations}`, () =>
      turned(dilated(partOf(weight, g, group), dilations), [2, 3, 1, 0]),
    ),
  );
  const attributes = { ...windowAttributes('VALID', strides), dilations: attr.ints([1, 1, 1, 1]) };
  let value = byGroup(to, steps, input, filters, (part, filter) =>
    steps('Conv2DBackpropInput', [sizes, filter, part], attributes),
  );
  if (pads.some((pad) => pad !== 0)) {
    const [top = 0, left = 0, bottom = 0, right = 0] = pads;
    const [rows = 1, columns = 1] = whole;
    const size = to.ints([-1, rows - top - bottom, columns - left - right, -1]);
    value = steps('Slice', [value, to.ints([0, top, left, 0]), size]);
  }
  if (bias === undefined) to.alias(outputOf(node), 'last', value);
  else to.define(outputOf(node), 'last', 'AddV2', [value, to.in(bias, 'first')]);
});

/** With zeros between the rows and columns of its windows. */
function dilated(weight: Tensor, [down = 1, across = 1]: readonly number[]): Tensor {
  if (down === 1 && across === 1) return weight;
  const [a = 1, b = 1, height = 1, width = 1] = weight.dims;
  const [rows, columns] = [(height - 1) * down + 1, (width - 1) * across + 1];
  const data = new Float32Array(a * b * rows * columns);
  (weight.data as Float32Array).forEach((value, i) => {
    const [plane, row, column] = [
      Math.floor(i / (height * width)),
      Math.floor(i / width) % height,
      i % width,
    ];
    data[plane * rows * columns + row * down * columns + column * across] = value;
  });
  return { dims: [a, b, rows, columns], data };
}

export const convolutionRules: Readonly<Record<string, WriteRule>> = {
  Conv: convolution,
  ConvTranspose: transposedConvolution,
};
