import { float } from '../attributes.ts';
import type { GraphNode } from '../node-def.ts';
import type { Translation } from '../translation.ts';

/** What is fused into a convolution or a product: its bias, and what follows. */
interface Fused {
  readonly bias: readonly string[];
  readonly rest: { readonly ops: readonly string[]; readonly args: readonly string[] };
}

/** The operands of what is fused stand after x and weight. */
export function biasOf(node: GraphNode): Fused {
  const [args, ops] = [node.inputs.slice(2), node.texts('fused_ops')];
  if (ops[0] !== 'BiasAdd') return { bias: [], rest: { ops, args } };
  return { bias: [node.input(2)], rest: { ops: ops.slice(1), args: args.slice(1) } };
}

/** A step that is not made yet: what it is called depends on what follows. */
export type Last = readonly [
  op: string,
  inputs: readonly string[],
  attributes: Parameters<Translation['step']>[3],
];

/** What a node computes by itself, and the rest of what is fused, in its order; the last is the node's result. */
export function activated(node: GraphNode, to: Translation, own: Last, { ops, args }: Fused['rest']): void {
  if (ops.length === 0) {
    to.result(node, ...own);
    return;
  }
  let value = to.step(node, ...own, { main: !to.isNamed(node) });
  let operands = [...args];
  ops.forEach((op, i) => {
    const [name, attributes] = activation(node, op);
    const needed = op === 'Prelu' ? 1 : 0;
    if (operands.length < needed) throw node.error(`its fused ${op} has no operand`);
    const inputs = [value, ...operands.slice(0, needed), ...(name === 'Clip' ? limits(node, to) : [])];
    operands = operands.slice(needed);
    if (i === ops.length - 1) to.result(node, name, inputs, attributes);
    else value = to.step(node, name, inputs, attributes);
  });
}

function limits(node: GraphNode, to: Translation): readonly string[] {
  return [to.number(`${node.name}/min`, 0), to.number(`${node.name}/max`, 6)];
}

const same: Readonly<Record<string, string>> = {
  Elu: 'Elu',
  Prelu: 'PRelu',
  Relu: 'Relu',
  Relu6: 'Clip',
  Sigmoid: 'Sigmoid',
  Tanh: 'Tanh',
};

function activation(node: GraphNode, op: string) {
  if (op === 'LeakyRelu') return ['LeakyRelu', { alpha: float(node.float('leakyrelu_alpha', 0.2)) }] as const;
  const own = Object.hasOwn(same, op) ? same[op] : undefined;
  if (own) return [own, {}] as const;
  throw node.error(`"${op}" is fused into it, and is not read there; convert the model without fusing`);
}
