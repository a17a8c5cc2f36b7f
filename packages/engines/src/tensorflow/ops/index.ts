import { InputError } from '@espalier/errors';
import { type Node, named } from '@espalier/network';
import type { Emission } from '../emission.ts';
import * as all from './all.ts';

// Each emission is written for its own attributes; a node carries the name that goes with them.
const registry = new Map(
  Object.values(all)
    .flat()
    .map((emission) => [emission.op, emission as unknown as Emission]),
);

export function emissionOf(node: Pick<Node, 'op' | 'name' | 'opaque'>): Emission {
  if (node.opaque) {
    throw new InputError(`TensorFlow.js cannot run ${named(node)}: use the engine onnxruntime`, 'engine');
  }
  const emission = registry.get(node.op);
  if (!emission) throw new InputError(`TensorFlow.js cannot run operation ${node.op} of node "${node.name}"`);
  return emission;
}
