import { orderedNodes } from './file-graph.ts';
import { type FileNode, nodeError, readsOf } from './file-node.ts';
import type { GraphProto } from './generated/onnx_pb.ts';
import { readTensor } from './tensors.ts';
import type { Walk } from './walk.ts';

/** The branch that an If takes, where a constant decides it. */
export function takenBranch(node: FileNode, walk: Walk): GraphProto | undefined {
  if (node.op !== 'If') return undefined;
  const condition = walk.constant(node.inputs[0] ?? '');
  if (!condition) return undefined;
  const [a, b] = condition.map(({ data }) => data[0] !== 0);
  return a === b ? node.attributes.graph(a ? 'then_branch' : 'else_branch') : undefined;
}

/** Reads the nodes of a branch as if they stood where the If stands, under names that nothing else has. */
export async function inlineBranch(
  node: FileNode,
  graph: GraphProto,
  walk: Walk,
  read: (node: FileNode) => Promise<void>,
): Promise<void> {
  const names = new Map<string, string>();
  const own = (value: string): string => names.get(value) ?? value;
  for (const tensor of graph.initializer) {
    const { name = '' } = tensor;
    names.set(name, walk.valueName(name));
    // Data files are for the weights of the network.
    const constant = readTensor(tensor, own(name), undefined);
    walk.defineConstant(own(name), [constant, constant]);
  }
  const outputs = graph.output.map(({ name = '' }) => name);
  const inner = orderedNodes(graph.node, new Set(names.keys()), outputs);
  for (const value of inner.flatMap((each) => each.outputs))
    if (value !== '') names.set(value, walk.valueName(value));
  const nodes = inner.map(
    (each): FileNode => ({
      ...each,
      name: walk.nodeName(each.name),
      inputs: each.inputs.map(own),
      outputs: each.outputs.map(own),
      captured: each.captured.map(({ as, value }) => ({ as, value: own(value) })),
    }),
  );
  for (const value of [...nodes.flatMap(readsOf), ...outputs.map(own)]) walk.addRead(value);
  for (const each of nodes) await read(each);
  node.outputs.forEach((output, i) => {
    const value = walk.resolve(own(outputs[i] ?? ''));
    if (output === '') return;
    if (!walk.isDefined(value))
      throw nodeError(node, `nothing computes the output "${outputs[i]}" of its branch`);
    walk.alias(output, value);
  });
}
