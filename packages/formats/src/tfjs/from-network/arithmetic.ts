import { type Node, outputOf, sizeOf } from '@espalier/network';
import { attr } from '../graph-attributes.ts';
import type { GraphWriter, Order } from './graph-writer.ts';
import { rule, type WriteRule } from './rule.ts';

/**
 * The order in which values of different shapes meet: channels last as soon as one of them is, which constants can
 * follow up to four axes.
 */
export function commonOrder(to: GraphWriter, values: readonly string[]): Order {
  const isLast = values.some((value) => !to.isConstant(value) && to.home(value) === 'last');
  const follow = values.every((value) => {
    const { length } = to.shape(value);
    return to.isConstant(value) ? length <= 4 : length === 4 || (length < 4 && sizeOf(to.shape(value)) === 1);
  });
  return isLast && follow ? 'last' : 'first';
}

const binary = (op: string): WriteRule =>
  rule((node, to) => {
    const order = commonOrder(to, node.inputs);
    to.define(
      outputOf(node),
      order,
      op,
      node.inputs.map((value) => to.in(value, order)),
    );
  });

const where = rule((node, to) => {
  const order = commonOrder(to, node.inputs);
  const [condition = '', ...others] = node.inputs.map((value) => to.in(value, order));
  const isTrue = to.step(node, 'NotEqual', [condition, to.number(0)]);
  to.define(outputOf(node), order, 'SelectV2', [isTrue, ...others]);
});

/** A product of rows with a weight, and of stacks of them. */
const matMul = rule((node, to) => {
  const [a = '', b = ''] = node.inputs;
  const [shape, weight] = [to.shape(a), to.shape(b)];
  const [x, w] = [to.in(a, 'first'), to.in(b, 'first')];
  const out = outputOf(node);
  const [ours, theirs] = [shape.slice(0, -2), weight.slice(0, -2)];
  if (ours.length > 0 && theirs.length > 0 && `${ours}` !== `${theirs}`)
    throw to.refusal(node, `its stacks of matrices, [${shape}] and [${weight}], are not equally high`);
  if (weight.length !== 2 || shape.length === 2) {
    to.define(out, 'first', weight.length === 2 ? 'MatMul' : 'BatchMatMulV2', [x, w]);
    return;
  }
  // A layer for each row: all leading axes are rows.
  const rows = to.step(node, 'Reshape', [x, to.ints([-1, weight[0] ?? 1])]);
  const product = to.step(node, 'MatMul', [rows, w]);
  to.define(out, 'first', 'Reshape', [product, to.ints(openShape(node, to, out))]);
});

/** A shape as Reshape takes it: one extent may follow the batch. */
export function openShape(node: Node, to: GraphWriter, value: string): readonly number[] {
  const shape = to.shape(value);
  if (shape.filter((extent) => extent === -1).length > 1)
    throw to.refusal(node, `several of its sizes [${shape}] follow the batch`);
  return shape;
}

type GemmLike = { readonly transB: number; readonly alpha: number; readonly beta: number };

const gemm = rule<GemmLike>((node, to) => {
  const [x = '', w = '', bias] = node.inputs;
  const { transB, alpha, beta } = node.attributes;
  const out = outputOf(node);
  const weight = to.isConstant(w) ? scaled(to, w, alpha) : times(node, to, to.in(w, 'first'), alpha);
  const inputs = [to.in(x, 'first'), weight];
  const turn = { transpose_a: attr.bool(false), transpose_b: attr.bool(transB === 1) };
  const width = to.shape(out)[1];
  if (bias === undefined) to.define(out, 'first', 'MatMul', inputs, turn);
  else if (to.isConstant(bias) && sizeOf(to.shape(bias)) === width) {
    const own = to.made(bias, `flat x ${beta}`, () => {
      const { data } = to.weightOf(node, 2);
      return { dims: [data.length], data: data.map((value) => value * beta) };
    });
    to.define(out, 'first', '_FusedMatMul', [...inputs, own], {
      ...turn,
      fused_ops: attr.texts(['BiasAdd']),
      num_args: attr.int(1),
    });
  } else {
    const product = to.step(node, 'MatMul', inputs, turn);
    to.define(out, 'first', 'AddV2', [product, times(node, to, to.in(bias, 'first'), beta)]);
  }
});

function scaled(to: GraphWriter, weight: string, by: number): string {
  if (by === 1) return to.in(weight, 'first');
  const numbers = to.numbers(weight);
  if (!numbers) return to.in(weight, 'first');
  return to.made(weight, `x ${by}`, () => ({ ...numbers, data: numbers.data.map((value) => value * by) }));
}

function times(node: { readonly name: string }, to: GraphWriter, x: string, by: number): string {
  return by === 1 ? x : to.step(node, 'Mul', [x, to.number(by)]);
}

export const arithmeticRules: Readonly<Record<string, WriteRule>> = {
  Add: binary('AddV2'),
  Div: binary('RealDiv'),
  Gemm: gemm as WriteRule,
  MatMul: matMul,
  Max: binary('Maximum'),
  Min: binary('Minimum'),
  Mul: binary('Mul'),
  Pow: binary('Pow'),
  PRelu: binary('Prelu'),
  Sub: binary('Sub'),
  Where: where,
};
