/**
 * The cut once more, by hand, to hold ours against: from the bytes of an ONNX file, the groups that
 * `espalier inspect --json` prints (of them only producers and consumers) and the structure that
 * `espalier prune --json` prints (of it only the kept units). It imports nothing of the product. Good for
 * networks of convolutions, each with its BatchNorm right after it, and dense layers: the CIFAR ResNets.
 *
 *   npx tsx test/surgery/cut-by-hand.ts net.onnx inspect.json prune.json pruned.onnx
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

export interface Group {
  readonly id: string;
  readonly producers: readonly string[];
  readonly consumers: readonly string[];
}

export interface Kept {
  readonly group: string;
  readonly kept: readonly number[];
}

interface Weight {
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

/** The tensors that nodes read, by node name and number of the input: "conv1/1". */
export type Weights = Map<string, Weight>;

interface Step {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Every tensor of the file after the cut. */
export function cutByHand(file: Uint8Array, groups: readonly Group[], structure: readonly Kept[]): Weights {
  const { steps, weights } = readFile(file);
  const shorten = (node: string, input: number, axis: number, kept: readonly number[]) => {
    const weight = weights.get(`${node}/${input}`);
    if (weight) weights.set(`${node}/${input}`, keep(weight, axis, kept));
  };
  for (const { group: id, kept } of structure) {
    const group = groups.find((candidate) => candidate.id === id);
    if (!group) throw new Error(`no group ${id}`);
    for (const producer of group.producers) {
      shorten(producer, 1, 0, kept);
      shorten(producer, 2, 0, kept);
      const outputs = steps.find(({ name }) => name === producer)?.outputs ?? [];
      const norms = steps.filter(
        ({ op, inputs }) => op === 'BatchNormalization' && outputs.includes(inputs[0] ?? ''),
      );
      for (const norm of norms) for (const input of [1, 2, 3, 4]) shorten(norm.name, input, 0, kept);
    }
    for (const consumer of group.consumers) shorten(consumer, 1, 1, kept);
  }
  return weights;
}

/** What is wrong with a pruned file, one line each; nothing if it holds what was cut by hand. */
export function differences(byHand: Weights, prunedFile: Uint8Array): string[] {
  const pruned = readFile(prunedFile).weights;
  const names = new Set([...byHand.keys(), ...pruned.keys()]);
  return [...names].flatMap((name) => {
    const [expected, actual] = [byHand.get(name), pruned.get(name)];
    if (!expected || !actual) return [`${name} is only in the ${expected ? 'cut by hand' : 'pruned file'}`];
    if (`${expected.dims}` !== `${actual.dims}`) return [`${name}: [${expected.dims}], not [${actual.dims}]`];
    return expected.values.every((value, i) => value === actual.values[i]) ? [] : [`${name}: other values`];
  });
}

function keep({ dims, values }: Weight, axis: number, kept: readonly number[]): Weight {
  const inner = dims.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const stays = new Set(kept);
  return {
    dims: dims.map((extent, i) => (i === axis ? kept.length : extent)),
    values: values.filter((_, i) => stays.has(Math.floor(i / inner) % (dims[axis] ?? 1))),
  };
}

// Protocol buffers, as far as an ONNX file needs them: https://protobuf.dev/programming-guides/encoding

interface Field {
  readonly id: number;
  readonly number: bigint;
  readonly bytes: Uint8Array;
}

function fieldsOf(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const [id, wire] = [key >> 3, key & 7];
    const number = wire === 0 ? varint() : 0n;
    const length = wire === 2 ? Number(varint()) : { 0: 0, 1: 8, 5: 4 }[wire];
    if (length === undefined) throw new Error(`wire type ${wire}`);
    fields.push({ id, number, bytes: bytes.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

function readFile(file: Uint8Array): { steps: Step[]; weights: Weights } {
  const graph = fieldsOf(fieldsOf(file).find(({ id }) => id === 7)?.bytes ?? new Uint8Array());
  const initializers = new Map(
    graph.filter(({ id }) => id === 5).flatMap(({ bytes }) => tensorOf(fieldsOf(bytes))),
  );
  const text = (field: Field | undefined) => new TextDecoder().decode(field?.bytes);
  const steps = graph
    .filter(({ id }) => id === 1)
    .map(({ bytes }): Step => {
      const fields = fieldsOf(bytes);
      const all = (id: number) => fields.filter((field) => field.id === id).map(text);
      return { inputs: all(1), outputs: all(2), name: all(3)[0] ?? '', op: all(4)[0] ?? '' };
    });
  // An exporter may keep two equal tensors as one and hand it on by an Identity.
  for (const { op, inputs, outputs } of steps) {
    const source = initializers.get(inputs[0] ?? '');
    if (op === 'Identity' && source) initializers.set(outputs[0] ?? '', source);
  }
  const weights: Weights = new Map();
  for (const { name, op, inputs } of steps) {
    if (!['Conv', 'BatchNormalization', 'Gemm'].includes(op)) continue;
    inputs.forEach((input, i) => {
      const weight = initializers.get(input);
      if (weight) weights.set(`${name}/${i}`, weight);
    });
  }
  return { steps, weights };
}

/** A float32 tensor with its name; nothing for other types. */
function tensorOf(fields: readonly Field[]): [string, Weight][] {
  if (fields.find(({ id }) => id === 2)?.number !== 1n) return [];
  const dims = fields
    .filter(({ id }) => id === 1)
    .flatMap(({ number, bytes }) => (bytes.length > 0 ? packed(bytes) : [Number(number)]));
  const raw = fields.find(({ id }) => id === 9 || id === 4)?.bytes ?? new Uint8Array();
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const values = Array.from({ length: raw.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
  const name = new TextDecoder().decode(fields.find(({ id }) => id === 8)?.bytes);
  return [[name, { dims, values }]];
}

/** Several small numbers in one field. */
function packed(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const byte of bytes) {
    value += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte < 128) {
      numbers.push(value);
      [value, shift] = [0, 0];
    }
  }
  return numbers;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [model = '', inspect = '', prune = '', pruned = ''] = process.argv.slice(2);
  const { groups } = JSON.parse(readFileSync(inspect, 'utf8')) as { groups: Group[] };
  const { structure } = JSON.parse(readFileSync(prune, 'utf8')) as { structure: Kept[] };
  const byHand = cutByHand(readFileSync(model), groups, structure);
  const wrong = differences(byHand, readFileSync(pruned));
  console.log(wrong.length > 0 ? wrong.join('\n') : `all ${byHand.size} tensors are as cut by hand`);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
