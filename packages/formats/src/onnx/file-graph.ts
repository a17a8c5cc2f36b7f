import { MOST_NODES } from './budget.ts';
import { type FileNode, NodeAttributes, nodeError, readsOf } from './file-node.ts';
import type { NodeProto } from './generated/onnx_pb.ts';
import { capturedValues } from './opaque/subgraphs.ts';
import { fileError } from './refusals.ts';
import { UniqueNames } from './unique-names.ts';

/** The nodes that the outputs depend on, each after those that it reads, with unique names. */
export function orderedNodes(
  protos: readonly NodeProto[],
  given: ReadonlySet<string>,
  outputs: readonly string[],
): FileNode[] {
  if (protos.length > MOST_NODES) {
    throw fileError(`the graph has ${protos.length} nodes; at most ${MOST_NODES} are read`);
  }
  const nodes = namedNodes(protos);
  const producers = producersOf(nodes, given);
  const state = new Map<FileNode, 'waiting' | 'done'>();
  const ordered: FileNode[] = [];
  /** How many of its inputs are done. */
  const looked = new Map<FileNode, number>();
  const nextBefore = (node: FileNode): FileNode | undefined => {
    const reads = node.captured.length > 0 ? readsOf(node) : node.inputs;
    for (let i = looked.get(node) ?? 0; i < reads.length; i++) {
      looked.set(node, i);
      const producer = producers.get(reads[i] ?? '');
      if (producer && state.get(producer) !== 'done') return producer;
    }
    return undefined;
  };
  for (const output of outputs) {
    // Explicit stack: networks are deeper than the call stack allows.
    const stack = [producers.get(output)].filter((node) => node !== undefined);
    for (let node = stack.at(-1); node; node = stack.at(-1)) {
      const next = nextBefore(node);
      if (next && state.get(next) === 'waiting') throw nodeError(next, 'it depends on its own output');
      if (next) {
        state.set(node, 'waiting');
        stack.push(next);
        continue;
      }
      stack.pop();
      if (state.get(node) !== 'done') ordered.push(node);
      state.set(node, 'done');
    }
  }
  const place = new Map(nodes.map((node, i) => [node, i]));
  return inFileOrder(ordered, place);
}

/** The file's own order where it is a topological one, which it should be. */
function inFileOrder(ordered: readonly FileNode[], place: ReadonlyMap<FileNode, number>): FileNode[] {
  const byPlace = [...ordered].sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
  const computed = new Set(ordered.flatMap((node) => node.outputs));
  for (const node of byPlace) {
    if (readsOf(node).some((value) => computed.has(value))) return [...ordered];
    for (const output of node.outputs) computed.delete(output);
  }
  return byPlace;
}

/** A node without a name is called after its operation and its place in the file. */
export function namedNodes(protos: readonly NodeProto[]): FileNode[] {
  const names = new UniqueNames();
  const given = new Map(protos.map((proto) => [proto, proto.name ? names.make(proto.name) : undefined]));
  return protos.map((proto, i) => {
    const { opType = '' } = proto;
    const domain = domainOf(proto);
    const op = domain === '' ? opType : `${domain}.${opType}`;
    const owner = { op, name: given.get(proto) ?? names.make(`${op}_${i}`) };
    return {
      ...owner,
      inputs: proto.input,
      outputs: proto.output,
      attributes: new NodeAttributes(owner, proto.attribute),
      domain,
      captured: capturedValues(proto.attribute).map((value) => ({ as: value, value })),
    };
  });
}

/** ONNX's own has two names. */
export function domainOf({ domain = '' }: { readonly domain?: string | undefined }): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function producersOf(nodes: readonly FileNode[], given: ReadonlySet<string>): Map<string, FileNode> {
  const producers = new Map<string, FileNode>();
  for (const node of nodes) {
    for (const value of node.outputs) {
      if (value === '') continue;
      if (producers.has(value) || given.has(value)) {
        throw fileError(
          `two values have the name "${value}", one of them computed by ${node.op} "${node.name}"`,
        );
      }
      producers.set(value, node);
    }
  }
  return producers;
}
