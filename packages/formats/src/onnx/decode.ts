import { InputError } from '@espalier/errors';
import { type Network, named } from '@espalier/network';
import { printable } from '../printable.ts';
import type { Asked } from './as-asked.ts';
import { Budget } from './budget.ts';
import { PROBE_BATCHES } from './constant.ts';
import { orderedNodes } from './file-graph.ts';
import { type FileNode, nodeError, readsOf, WithoutRule } from './file-node.ts';
import { finishNetwork } from './finish.ts';
import { fold } from './folding/index.ts';
import { inlineBranch, takenBranch } from './inline-branch.ts';
import { type Model, parseModel } from './model.ts';
import { normalForms } from './normal-form/index.ts';
import { refusal, TENSORFLOW } from './normal-form/tensorflow.ts';
import { readOpaque } from './opaque/read-opaque.ts';
import { fileError, withoutRemedy } from './refusals.ts';
import { dataTypeName, isConverted, readTensor } from './tensors.ts';
import { Walk } from './walk.ts';

export interface ReadNetwork {
  readonly network: Network;
  /** Whether the file leaves more than the batch open: the network is that of one size. */
  readonly isOpen: boolean;
  /** What was changed or left out that a person should know of. */
  readonly warnings: readonly string[];
}

/** With how each of its values came about. */
export interface TracedNetwork extends ReadNetwork {
  readonly walk: Walk;
}

/** Where a model comes from: its name in messages, and the folder in which its external data lie; and what it is read with. */
export interface Origin extends Asked {
  readonly name: string;
  readonly folder?: string;
}

/**
 * The network of an ONNX file in the form that `@espalier/network` documents. Throws an InputError that
 * starts with the origin's name for everything that is wrong with the file or that is not supported.
 */
export async function decodeOnnx(bytes: Uint8Array, origin: Origin): Promise<ReadNetwork> {
  const { walk: _, ...read } = await traceOnnx(bytes, origin);
  return read;
}

/** The same for who writes the file again. */
export async function traceOnnx(bytes: Uint8Array, origin: Origin): Promise<TracedNetwork> {
  let model: Model | undefined;
  try {
    model = parseModel(bytes, origin);
    return await decodeForBatches(model, origin, bytes.length);
  } catch (error) {
    if (error instanceof RangeError) {
      throw fileError(`${origin.name}: it takes too much to read (${error.message})`);
    }
    throw error instanceof InputError
      ? new InputError(
          `${origin.name}: ${printable(withBatch(error.message, extentsOf(model)))}`,
          error.field,
        )
      : error;
  }
}

/**
 * The network for any number of images. Where that cannot be, and the file was not made for several: with the numbers
 * in it taken for one image (a Reshape to [1, 16]); and where its nodes mix what several would be, for one image alone.
 *
 * @param size of the file, bytes
 */
async function decodeForBatches(model: Model, origin: Origin, size: number): Promise<TracedNetwork> {
  try {
    return await decodeModel(model, origin, new Budget(size));
  } catch (error) {
    const isForOne = (model.fixedBatch ?? 1) === 1;
    if (!(error instanceof InputError && isForOne && isAboutBatches(error.message))) throw error;
    for (const { what, as } of readingsForOne(model)) {
      const read = await decodeModel(as, origin, new Budget(size)).catch((again) => {
        if (again instanceof InputError) return undefined;
        throw again;
      });
      if (!read) continue;
      const why = withBatch(withoutRemedy(error.message), extentsOf(model));
      return { ...read, warnings: [...read.warnings, `${what}: ${why}`] };
    }
    // What is wrong with one image, too, is not about batches.
    throw error;
  }
}

/**
 * Whether it may be otherwise with one image: batches are spoken of, an extent is that of one which was tried, or the
 * runtime says of a node without a rule that shapes do not fit.
 */
function isAboutBatches(message: string): boolean {
  const extents = [...message.matchAll(/\d+/g)].map(([extent]) => Number(extent));
  return (
    /apart|batch|ShapeInferenceError/.test(message) ||
    PROBE_BATCHES.some((size) => extents.some((extent) => extent > 0 && extent % size === 0))
  );
}

function readingsForOne(model: Model): { readonly what: string; readonly as: Model }[] {
  const inputs = model.inputs.map((input) => ({
    ...input,
    shape: input.shape.map((extent) => (extent === -1 ? 1 : extent)),
  }));
  const single = {
    what: 'it is read for one image at a time, since it would mix several',
    as: { ...model, inputs, fixedBatch: undefined },
  };
  if (model.fixedBatch !== undefined) return [single];
  return [
    { what: 'its fixed sizes are read as those of one image', as: { ...model, fixedBatch: 1 } },
    single,
  ];
}

/** What is in the file itself. */
function extentsOf(model: Model | undefined): ReadonlySet<number> {
  const [tensors, inputs] = [model?.graph.initializer ?? [], model?.inputs ?? []];
  return new Set([
    ...tensors.flatMap(({ dims }) => dims.map(Number)),
    ...inputs.flatMap(({ shape }) => shape),
  ]);
}

/**
 * A shape in a message is that of a batch size which was only tried: the extent is called what it is.
 *
 * @param own extents that the file has, whatever was tried
 */
function withBatch(message: string, own: ReadonlySet<number>): string {
  return message.replaceAll(/[[{][\d, -]*[\]}]/g, (shape) =>
    shape.replaceAll(/\d+/g, (extent) => {
      const probe = PROBE_BATCHES.find((size) => Number(extent) > 0 && Number(extent) % size === 0);
      if (probe === undefined || own.has(Number(extent))) return extent;
      const times = Number(extent) / probe;
      return times === 1 ? 'batch' : `${times}*batch`;
    }),
  );
}

async function decodeModel(model: Model, { name, folder }: Origin, budget: Budget): Promise<TracedNetwork> {
  const { graph, inputs, outputs } = model;
  const initializers = graph.initializer.map((tensor) => tensor.name ?? '');
  const given = new Set([...initializers, ...inputs.map((input) => input.name)]);
  const nodes = orderedNodes(graph.node, given, outputs);
  const walk = new Walk(nodes, outputs, model, budget);
  for (const input of inputs) walk.defineInput(input.name, input.shape, input.type);
  const warnings = [...model.warnings, ...defineInitializers(walk, model, nodes, folder)];
  for (const node of nodes) await readNode(walk, node, model.versions);
  const network: Network = {
    ...finishNetwork(walk, graph.name || name, inputs, outputs),
    ...(model.metadata ? { metadata: model.metadata } : {}),
  };
  return { network, isOpen: model.isOpen, warnings: [...warnings, ...tailWarnings(network)], walk };
}

function tailWarnings({ tail, outputs }: Network): string[] {
  const [first] = tail?.nodes ?? [];
  if (!first) return [];
  const judged = outputs.map((name) => `"${name}"`).join(', ');
  return [
    `${named(first)} decides by ${judged}: the network is evaluated by those, and the operation stays in the written file`,
  ];
}

/** Only those that a node reads: the others may be anything. */
function defineInitializers(
  walk: Walk,
  { graph }: Model,
  nodes: readonly FileNode[],
  folder: string | undefined,
): string[] {
  const read = new Set(nodes.flatMap(readsOf));
  const files = folder === undefined ? undefined : { folder, read: new Map<string, number>() };
  const converted = new Map<string, string[]>();
  for (const tensor of graph.initializer) {
    const { name = '', dataType } = tensor;
    if (!read.has(name)) continue;
    const constant = readTensor(tensor, name, files);
    if (tensor.externalData.length > 0) walk.budget.add(constant.data.length);
    walk.defineConstant(name, [constant, constant]);
    if (!isConverted(dataType)) continue;
    const type = dataTypeName(dataType);
    converted.set(type, [...(converted.get(type) ?? []), name]);
  }
  return [...converted].map(
    ([type, names]) => `${names.length} ${type} tensor(s) were converted to float32, first "${names[0]}"`,
  );
}

async function readNode(walk: Walk, file: FileNode, versions: ReadonlyMap<string, number>): Promise<void> {
  const node: FileNode = {
    ...file,
    inputs: file.inputs.map((value) => walk.resolve(value)),
    captured: file.captured.map(({ as, value }) => ({ as, value: walk.resolve(value) })),
  };
  if (node.domain === TENSORFLOW && !normalForms.has(node.op)) throw refusal(node);
  for (const value of readsOf(node)) {
    if (value !== '' && !walk.isDefined(value))
      throw nodeError(node, `it reads "${value}", which nothing computes`);
  }
  const constant = fold(node, walk);
  if (constant) {
    walk.defineComputed(node, requiredOutput(node), constant);
    return;
  }
  const branch = takenBranch(node, walk);
  if (branch) {
    await inlineBranch(node, branch, walk, (inner) => readNode(walk, inner, versions));
    return;
  }
  const why = readByRule(node, walk);
  if (why !== undefined) await readOpaque(node, walk, versions, why);
}

/** They use the type of what they read themselves. */
const OF_ANY_TYPE = new Set(['Cast', 'CastLike', 'Identity']);

/** Undefined if there is a rule for the node; else why there is none. */
function readByRule(node: FileNode, walk: Walk): string | undefined {
  const form = normalForms.get(node.op);
  if (!form) return 'there is no rule for this operation';
  for (const value of node.inputs) {
    if (value === '' || walk.constant(value)) continue;
    if (walk.openShape(value) !== undefined) return `the size of its input "${value}" depends on the data`;
    if (walk.type(value) !== 'float32' && !OF_ANY_TYPE.has(node.op))
      return `its input "${value}" is ${walk.type(value)}`;
  }
  try {
    form(node, walk);
    return undefined;
  } catch (error) {
    if (error instanceof WithoutRule) return error.message;
    throw error;
  }
}

function requiredOutput(node: FileNode): string {
  const [output] = node.outputs;
  if (!output) throw nodeError(node, 'its output has no name');
  return output;
}
