import type { Node, Opaque } from '../network.ts';
import type { Coupler, Operation } from '../operation.ts';
import { conv } from './conv.ts';
import { convTranspose } from './conv-transpose.ts';

/** Layers that are counted in any number of dimensions. */
const COUNTED = new Map([conv, convTranspose].map((layer) => [layer.op, layer]));

/** Whatever has no rule: all that it reads stays as it is, and so does what it computes. */
export const opaque: Operation = {
  op: 'opaque',

  shapes(node, inputs) {
    const { results, batch } = partOf(node);
    const images = batch ? (inputs[batch.input]?.[batch.axis] ?? 0) / batch.times : 1;
    return results.map(({ shape }) =>
      (shape ?? []).map((extent) => (extent < 0 ? -extent * images : extent)),
    );
  },

  couple(node: Node, coupler: Coupler) {
    for (const value of node.inputs) {
      if (coupler.isConstant(value)) continue;
      coupler.shape(value).forEach((_, axis) => {
        coupler.pin(
          coupler.labels(value, axis),
          `${named(node)} reads it, an operation without a pruning rule`,
        );
      });
    }
  },

  weight(node, shapeOf) {
    const { op, domain } = partOf(node);
    const layer = domain === '' ? COUNTED.get(op) : undefined;
    return layer?.weight?.(node as Parameters<NonNullable<typeof layer.weight>>[0], shapeOf);
  },

  // A setting has no axes; weights of any layer have.
  parameters: (node, constants) =>
    node.inputs.filter((value) => {
      const tensor = constants.get(value);
      return tensor?.data instanceof Float32Array && tensor.dims.length > 0;
    }),
};

/** For a person: as the file calls it. */
export function named({ op, name, opaque: part }: Pick<Node, 'op' | 'name' | 'opaque'>): string {
  return `${part && part.domain === '' ? part.op : op} "${name}"`;
}

function partOf({ opaque: part, name }: Node): Opaque {
  if (!part) throw new Error(`node "${name}" has a rule`);
  return part;
}
