import { createHash, type Hash } from 'node:crypto';
import type { Network, Node, Opaque, Tail } from './network.ts';
import type { Tensor } from './tensor.ts';

/**
 * sha256 of the canonical graph and weights: the same for files that differ in the order of their nodes
 * and initialisers or in the names of nodes and values, different as soon as a weight, an attribute or a
 * connection differs, or whether two nodes read one weight or two equal ones. Preprocessing is not part of it.
 */
export function networkHash(network: Network): string {
  const producer = new Map<string, { node: Node; output: number }>();
  for (const node of network.nodes) {
    for (const [output, value] of node.outputs.entries()) producer.set(value, { node, output });
  }
  const inputIndex = new Map(network.inputs.map((input, i) => [input.name, i]));
  const done = new Map<Node, number>();
  /** Constants in the order in which they are read first. */
  const read = new Map<string, number>();
  const hash = createHash('sha256');
  hash.update(JSON.stringify(network.inputs.map(({ shape, type }) => (type ? [shape, type] : shape))));

  /** How many of its inputs are done. */
  const looked = new Map<Node, number>();
  const nextBefore = (node: Node): Node | undefined => {
    for (let i = looked.get(node) ?? 0; i < node.inputs.length; i++) {
      looked.set(node, i);
      const before = producer.get(node.inputs[i] ?? '')?.node;
      if (before && !done.has(before)) return before;
    }
    return undefined;
  };
  const visit = (node: Node): void => {
    // Explicit stack: networks are deeper than the call stack allows.
    const stack = [node];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const waiting = nextBefore(top);
      if (waiting) {
        stack.push(waiting);
        continue;
      }
      stack.pop();
      if (done.has(top)) continue;
      const current = top;
      const attributes = Object.entries(current.attributes)
        .filter(([, value]) => value !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1));
      hash.update(canonical([current.op, attributes, current.inputs.map(reference), current.outputs.length]));
      if (current.opaque) hash.update(canonical(opaqueParts(current.opaque)));
      done.set(current, done.size);
    }
  };
  const reference = (value: string): unknown => {
    const from = producer.get(value);
    if (from) return ['node', done.get(from.node), from.output];
    const tensor = network.constants.get(value);
    if (!tensor) return ['input', inputIndex.get(value)];
    const before = read.get(value);
    read.set(value, before ?? read.size);
    // A single number is no parameter that could be cut, and files store it once or often as they like.
    const again = before === undefined || tensor.data.length < 2 ? [] : [before];
    return ['constant', tensorHash(tensor), ...again];
  };

  for (const output of network.outputs) {
    const from = producer.get(output);
    if (from) visit(from.node);
    hash.update(JSON.stringify(reference(output)));
  }
  if (network.tail) hash.update(tailHash(network, network.tail));
  return hash.digest('hex');
}

/** That of a network whose inputs are the outputs that the tail reads. */
function tailHash({ outputs, ...network }: Network, tail: Tail): string {
  const inputs = outputs.map((name) => ({ name, shape: [] }));
  return networkHash({ name: network.name, inputs, ...tail });
}

/** Captured values use their place among the inputs. */
function opaqueParts({ version, attributes, places, captured }: Opaque): unknown {
  return [
    version,
    places,
    captured,
    attributes.map((attribute) => Buffer.from(attribute).toString('base64')),
  ];
}

/** JSON that tells the infinities of a Clip or a Pad apart, for which JSON itself only has null. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'number' && !Number.isFinite(part) ? `number ${part}` : part,
  );
}

function tensorHash({ dims, data, type }: Tensor): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const hash = createHash('sha256').update(`${data.constructor.name}${type ?? ''}[${dims}]`);
  return updateInPieces(hash, bytes).digest('hex');
}

/** Node hashes less than 2 GiB at a time. */
const PIECE = 2 ** 28;

/** The same hash whatever the size of a piece, in bytes. */
export function updateInPieces(hash: Hash, bytes: Uint8Array, piece = PIECE): Hash {
  for (let at = 0; at < bytes.length; at += piece) hash.update(bytes.subarray(at, at + piece));
  return hash;
}
