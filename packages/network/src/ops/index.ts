import type { Node } from '../network.ts';
import type { Operation } from '../operation.ts';
import * as all from './all.ts';
import { opaque } from './opaque.ts';

// Each operation is written for its own attributes; a node carries the name that goes with them.
const registry = new Map(
  Object.values(all)
    .flat()
    .map((operation) => [operation.op, operation as unknown as Operation]),
);

export const supportedOperations: readonly string[] = [...registry.keys()].sort();

/** The rules of an operation, or undefined for one that is not supported. */
export function findOperation(op: string): Operation | undefined {
  return registry.get(op);
}

export function operationOf(node: Pick<Node, 'op' | 'name' | 'opaque'>): Operation {
  const operation = node.opaque ? opaque : registry.get(node.op);
  if (!operation) throw new Error(`operation ${node.op} of node "${node.name}" is not supported`);
  return operation;
}
