import { type Attributes, type Node, outputOf, type Shape } from '@espalier/network';
import { attr } from '../graph-attributes.ts';
import { axisIn, type GraphWriter, type Order } from './graph-writer.ts';
import { rule, type WriteRule } from './rule.ts';

type Epsilon = Attributes & { readonly epsilon: number };

const batchNormalization = rule<Epsilon>((node, to) => {
  const { epsilon } = node.attributes;
  const [x = '', ...operands] = node.inputs;
  const { length } = to.shape(x);
  if (length === 4) {
    const inputs = [to.in(x, 'last'), ...operands.map((value) => to.in(value, 'first'))];
    to.define(outputOf(node), 'last', 'FusedBatchNormV3', inputs, {
      data_format: attr.text('NHWC'),
      epsilon: attr.float(epsilon),
      is_training: attr.bool(false),
    });
    return;
  }
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((i) => to.weightOf(node, i).data);
  const factor = (i: number) => (scale?.[i] ?? 1) / Math.sqrt((variance?.[i] ?? 1) + epsilon);
  const dims = [scale?.length ?? 1, ...Array.from({ length: length - 2 }, () => 1)];
  const table = (as: string, value: (i: number) => number) =>
    to.table(`${node.name}/${as}`, {
      dims,
      data: Float32Array.from({ length: dims[0] ?? 1 }, (_, i) => value(i)),
    });
  const scaled = to.step(node, 'Mul', [to.in(x, 'first'), table('scale', factor)]);
  const offset = table('shift', (i) => (shift?.[i] ?? 0) - (mean?.[i] ?? 0) * factor(i));
  to.define(outputOf(node), 'first', 'AddV2', [scaled, offset]);
});

/** Over these axes to a mean of zero and a variance of one. */
function standardised(
  node: Pick<Node, 'name'>,
  to: GraphWriter,
  x: string,
  axes: readonly number[],
  epsilon: number,
): string {
  const over = to.ints(axes);
  const keep = { Tidx: attr.type('DT_INT32'), keep_dims: attr.bool(true) };
  const mean = to.step(node, 'Mean', [x, over], keep);
  const squares = to.step(node, 'SquaredDifference', [x, mean]);
  const variance = to.step(node, 'Mean', [squares, over], keep);
  const factor = to.step(node, 'Rsqrt', [to.step(node, 'AddV2', [variance, to.number(epsilon)])]);
  return to.step(node, 'Mul', [to.step(node, 'Sub', [x, mean]), factor]);
}

/** With a scale and a shift of this shape, where there are such. */
function affine(node: Node<Epsilon>, to: GraphWriter, x: string, order: Order, shape?: Shape): void {
  const operand = (index: number) => {
    const value = node.inputs[index];
    if (value === undefined || value === '') return undefined;
    if (!shape) return to.in(value, 'first');
    const { data } = to.weightOf(node, index);
    return to.made(value, `as [${shape}]`, () => ({ dims: shape, data }));
  };
  const [scale, shift] = [operand(1), operand(2)];
  const out = outputOf(node);
  const scaled = scale && (shift ? to.step(node, 'Mul', [x, scale]) : undefined);
  if (shift) to.define(out, order, 'AddV2', [scaled ?? x, shift]);
  else if (scale) to.define(out, order, 'Mul', [x, scale]);
  else to.define(out, order, 'Identity', [x]);
}

/** One entry a channel, where values of so many axes have their channels second. */
const perChannel = (channels: number, axes: number): Shape => [
  channels,
  ...Array.from({ length: axes - 2 }, () => 1),
];

const instanceNormalization = rule<Epsilon>((node, to) => {
  const x = node.inputs[0] ?? '';
  const shape = to.shape(x);
  const order = shape.length === 4 ? 'last' : 'first';
  const axes = Array.from({ length: shape.length - 2 }, (_, i) => axisIn(order, i + 2));
  const own = standardised(node, to, to.in(x, order), axes, node.attributes.epsilon);
  affine(node, to, own, order, order === 'last' ? undefined : perChannel(shape[1] ?? 1, shape.length));
});

const layerNormalization = rule<Epsilon & { readonly axis: number }>((node, to) => {
  const x = node.inputs[0] ?? '';
  const { axis, epsilon } = node.attributes;
  const axes = Array.from({ length: to.shape(x).length - axis }, (_, i) => axis + i);
  affine(node, to, standardised(node, to, to.in(x, 'first'), axes, epsilon), 'first');
});

const groupNormalization = rule<Epsilon & { readonly num_groups: number }>((node, to) => {
  const x = node.inputs[0] ?? '';
  const { num_groups, epsilon } = node.attributes;
  const shape = to.shape(x);
  const grouped = to.step(node, 'Reshape', [
    to.in(x, 'first'),
    to.ints([-1, num_groups, ...rest(shape, num_groups)]),
  ]);
  const own = standardised(node, to, grouped, [2], epsilon);
  const whole = to.step(node, 'Reshape', [own, to.ints([-1, ...shape.slice(1)])]);
  affine(node, to, whole, 'first', perChannel(shape[1] ?? 1, shape.length));
});

function rest(shape: Shape, groups: number): readonly number[] {
  return [shape.slice(1).reduce((product, extent) => product * extent, 1) / groups];
}

type Neighbours = Attributes & {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
};

const localResponse = rule<Neighbours>((node, to) => {
  const { size, alpha, beta, bias } = node.attributes;
  if (size % 2 === 0) throw to.refusal(node, `it goes by ${size} neighbours, and an odd number is needed`);
  to.define(outputOf(node), 'last', 'LRN', [to.in(node.inputs[0] ?? '', 'last')], {
    depth_radius: attr.int((size - 1) / 2),
    alpha: attr.float(alpha / size),
    beta: attr.float(beta),
    bias: attr.float(bias),
  });
});

export const normalizationRules: Readonly<Record<string, WriteRule>> = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LRN: localResponse,
};
