import { InputError } from '@espalier/errors';
import type { Node } from '@espalier/network';
import * as all from './all.ts';
import type { Differentiation } from './differentiation.ts';
import { opaque } from './opaque.ts';

// Each is written for its own attributes; a node carries the name that goes with them.
const registry = new Map(
  Object.values(all)
    .flat()
    .map((rule) => [rule.op, rule as unknown as Differentiation]),
);

/** @throws {InputError} for an operation that has no gradient. */
export function differentiationOf(node: Pick<Node, 'op' | 'name' | 'opaque'>): Differentiation {
  const found = node.opaque ? opaque : registry.get(node.op);
  if (!found) {
    throw new InputError(`${node.op} "${node.name}" has no gradient: the network cannot be trained`);
  }
  return found;
}
