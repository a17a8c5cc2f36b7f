import { create, toBinary } from '@bufbuild/protobuf';
import { InputError } from '@espalier/errors';
import type { Opaque, Result, Shape } from '@espalier/network';
import { constantType, PROBE_BATCHES } from '../constant.ts';
import { type FileNode, nodeError } from '../file-node.ts';
import { AttributeProtoSchema, type NodeProto, NodeProtoSchema } from '../generated/onnx_pb.ts';
import { EXPORT_APART } from '../refusals.ts';
import type { Walk } from '../walk.ts';
import { type Answer, askRuntime, type Given } from './ask-runtime.ts';
import { typedTensor } from './typed-tensor.ts';

/**
 * Reads a node without a rule: it stays as it is, and the runtime says what it computes.
 *
 * @param versions the operation sets of the file, by domain
 * @param why it has no rule
 * @throws {InputError} where the runtime has no such operation either
 */
export async function readOpaque(
  node: FileNode,
  walk: Walk,
  versions: ReadonlyMap<string, number>,
  why: string,
): Promise<void> {
  const version = versions.get(node.domain);
  if (version === undefined) {
    throw nodeError(node, `the file does not say which operation set of domain "${node.domain}" it uses`);
  }
  const file = named(node, walk);
  const [a, b] = [await ask(file, walk, versions, 0), await ask(file, walk, versions, 1)];
  const results = a.map((answer, i): Result => ({ type: answer.type, shape: merged(answer, b[i]) }));
  const places = file.inputs.flatMap((value, place) => (value === '' ? [] : [place]));
  const op = node.domain === '' ? node.op : node.op.slice(node.domain.length + 1);
  const inputs = [
    ...places.map((place) => file.inputs[place] ?? ''),
    ...node.captured.map(({ value }) => value),
  ];
  const opaque: Opaque = {
    batch: batchAmong(inputs, walk),
    ...{ op, domain: node.domain, version, places, results, why },
    attributes: node.attributes.all.map((attribute) => toBinary(AttributeProtoSchema, attribute)),
    captured: node.captured.map(({ as }) => as),
  };
  refuseMixing(node, opaque);
  walk.emitOpaque(
    node,
    {
      name: node.name,
      op: `${node.domain || 'ai.onnx'}.${op}`,
      inputs,
      outputs: file.outputs,
      attributes: {},
      opaque,
    },
    results.map(({ shape }, i) => (isKnown(shape) ? [a[i]?.shape ?? [], b[i]?.shape ?? []] : null)),
  );
}

/** Every output of the node has a name; those at the end that have none are left out. */
function named(node: FileNode, walk: Walk): FileNode {
  const count = node.outputs.findLastIndex((value) => value !== '') + 1;
  const outputs = node.outputs
    .slice(0, count)
    .map((value, i) => value || walk.valueName(`${node.name}/unused_${i}`));
  return { ...node, outputs };
}

async function ask(
  node: FileNode,
  walk: Walk,
  versions: ReadonlyMap<string, number>,
  which: 0 | 1,
): Promise<Answer[]> {
  const captured = node.captured.map(({ as, value }) => given(walk, value, which, as));
  const inputs = [...new Set(node.inputs)].flatMap((value) =>
    value === '' ? [] : [given(walk, value, which)],
  );
  try {
    const all = new Map([...inputs, ...captured].map((each) => [each.name, each]));
    return await askRuntime(protoOf(node), [...all.values()], versions);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw nodeError(
      node,
      `it has no rule here, and ONNX Runtime cannot run it (${error.message})`,
      'export the network without it, or replace it by standard ONNX operations',
    );
  }
}

function protoOf({ name, op, domain, inputs, outputs, attributes }: FileNode): NodeProto {
  return create(NodeProtoSchema, {
    name,
    domain,
    opType: domain === '' ? op : op.slice(domain.length + 1),
    input: [...inputs],
    output: [...outputs],
    attribute: [...attributes.all],
  });
}

function given(walk: Walk, value: string, which: 0 | 1, name = value): Given {
  const constant = walk.constant(value)?.[which];
  if (constant)
    return { name, type: constantType(constant), shape: constant.dims, constant: typedTensor(constant) };
  const open = walk.openShape(value);
  return { name, type: walk.type(value), shape: open === undefined ? walk.shapes(value)[which] : open };
}

/** One shape for every batch size. */
function merged({ shape }: Answer, other: Answer | undefined): Shape | null {
  const second = other?.shape;
  if (!shape || !second || shape.length !== second.length) return null;
  return shape.map((extent, axis) => {
    if (extent === second[axis]) return extent;
    const times = extent / PROBE_BATCHES[0];
    return Number.isInteger(times) && times * PROBE_BATCHES[1] === second[axis] ? -times : 0;
  });
}

function isKnown(shape: Shape | null): shape is Shape {
  return shape?.every((extent) => extent !== 0) ?? false;
}

function refuseMixing(node: FileNode, { batch, results }: Opaque): void {
  const fixed = results.every(({ shape }) => shape?.every((extent) => extent > 0) ?? false);
  if (batch && fixed)
    throw nodeError(node, 'its output does not depend on the batch; images must stay separate', EXPORT_APART);
}

/** The first axis that follows the batch. */
function batchAmong(values: readonly string[], walk: Walk): Opaque['batch'] {
  for (const [input, value] of values.entries()) {
    if (walk.openShape(value) !== undefined) continue;
    const [a, b] = walk.shapes(value);
    const axis = a.findIndex((extent, i) => extent !== b[i]);
    const times = (a[axis] ?? 0) / PROBE_BATCHES[0];
    if (axis >= 0 && Number.isInteger(times)) return { input, axis, times };
  }
  return null;
}
