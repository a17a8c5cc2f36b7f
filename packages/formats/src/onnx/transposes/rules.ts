import { type Attributes, isElementwise, type Node } from '@espalier/network';

/** What a node is on values whose axes are in another order: axis i is axis `perm[i]` there. */
export interface Moved {
  readonly attributes: Attributes;
  /** Of its outputs. */
  readonly perm: readonly number[];
}

type Rule = (attributes: Attributes, perm: readonly number[]) => Moved;

/** Undefined for an operation that uses the order of its axes. */
export function moved({ op, attributes }: Node, perm: readonly number[]): Moved | undefined {
  if (op === 'BatchNormalization') return perm[1] === 1 ? { attributes, perm } : undefined;
  if (isElementwise(op) || op === 'Where') return { attributes, perm };
  return rules[op]?.(attributes, perm);
}

/** The node as it is on values in the order of axes that `moved` took it from. */
export function movedBack<N extends Node>(node: N, perm: readonly number[]): N {
  const back = moved(
    node,
    perm.map((_, axis) => perm.indexOf(axis)),
  );
  return back ? { ...node, attributes: back.attributes } : node;
}

const alongAxis: Rule = (attributes, perm) => ({
  attributes: { ...attributes, axis: perm[Number(attributes.axis)] },
  perm,
});

const reduce: Rule = (attributes, perm) => {
  const axes = numbers(attributes.axes);
  const own = axes.map((axis) => perm[axis] ?? 0).sort((a, b) => a - b);
  const left = perm.filter((_, axis) => !axes.includes(axis));
  const ranked = [...left].sort((a, b) => a - b);
  return {
    attributes: { ...attributes, axes: own },
    perm: attributes.keepdims ? perm : left.map((axis) => ranked.indexOf(axis)),
  };
};

const rules: Readonly<Record<string, Rule>> = {
  Concat: alongAxis,
  Gather: alongAxis,
  LogSoftmax: alongAxis,
  Softmax: alongAxis,
  Split: alongAxis,
  Pad: (attributes, perm) => ({ attributes: { ...attributes, pads: twice(attributes.pads, perm) }, perm }),
  ReduceMax: reduce,
  ReduceMean: reduce,
  ReduceSum: reduce,
  Resize: (attributes, perm) => ({
    attributes: {
      ...attributes,
      scales: placed(numbers(attributes.scales), perm),
      ...(attributes.roi !== undefined && { roi: twice(attributes.roi, perm) }),
    },
    perm,
  }),
  Slice: (attributes, perm) => ({
    attributes: { ...attributes, axes: numbers(attributes.axes).map((axis) => perm[axis] ?? 0) },
    perm,
  }),
};

/** One entry an axis, in the order of the axes there. */
export function placed<T>(entries: readonly T[], perm: readonly number[]): T[] {
  return perm.map((_, axis) => entries[perm.indexOf(axis)] as T);
}

/** What lies before each axis, then what lies after each. */
function twice(list: Attributes[string], perm: readonly number[]): number[] {
  const all = numbers(list);
  return [...placed(all.slice(0, perm.length), perm), ...placed(all.slice(perm.length), perm)];
}

function numbers(list: Attributes[string]): readonly number[] {
  return Array.isArray(list) ? list : [];
}
