import { InputError } from '@espalier/errors';
import type { Network } from '@espalier/network';
import type { Asked } from './as-asked.ts';
import { Budget } from './budget.ts';
import { PROBE_BATCHES } from './constant.ts';
import { orderedNodes } from './file-graph.ts';
import { type FileNode, nodeError } from './file-node.ts';
import { finishNetwork } from './finish.ts';
import { fold, foldedOperations } from './folding/index.ts';
import { type Model, parseModel } from './model.ts';
import { normalForms } from './normal-form/index.ts';
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
export function decodeOnnx(bytes: Uint8Array, origin: Origin): ReadNetwork {
  const { walk: _, ...read } = traceOnnx(bytes, origin);
  return read;
}

/** The same for who writes the file again. */
export function traceOnnx(bytes: Uint8Array, origin: Origin): TracedNetwork {
  let model: Model | undefined;
  try {
    model = parseModel(bytes, origin);
    return decodeModel(model, origin, new Budget(bytes.length));
  } catch (error) {
    if (error instanceof RangeError) {
      throw new InputError(`${origin.name}: it takes too much to read (${error.message})`);
    }
    throw error instanceof InputError
      ? new InputError(
          `${origin.name}: ${printable(withBatch(error.message, extentsOf(model)))}`,
          error.field,
        )
      : error;
  }
}

const LONGEST_MESSAGE = 500;

/** One line of sensible length: the names in a damaged file may be anything. */
function printable(message: string): string {
  const line = message.replaceAll(/\p{Cc}|\p{Zl}|\p{Zp}/gu, '\u{fffd}');
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}...` : line;
}

/** What stands in the file itself. */
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
  return message.replaceAll(/\[[\d, -]*\]/g, (shape) =>
    shape.replaceAll(/\d+/g, (extent) => {
      const probe = PROBE_BATCHES.find((size) => Number(extent) > 0 && Number(extent) % size === 0);
      if (probe === undefined || own.has(Number(extent))) return extent;
      const times = Number(extent) / probe;
      return times === 1 ? 'batch' : `${times}*batch`;
    }),
  );
}

function decodeModel(model: Model, { name, folder }: Origin, budget: Budget): TracedNetwork {
  const { graph, inputs, outputs } = model;
  const initializers = graph.initializer.map((tensor) => tensor.name ?? '');
  const given = new Set([...initializers, ...inputs.map((input) => input.name)]);
  const nodes = orderedNodes(graph.node, given, outputs);
  for (const node of nodes) checkOperation(node);
  const walk = new Walk(nodes, outputs, model, budget);
  for (const input of inputs) walk.defineInput(input.name, input.shape);
  const warnings = [...model.warnings, ...defineInitializers(walk, model, nodes, folder)];
  for (const node of nodes) readNode(walk, node);
  const network: Network = {
    ...finishNetwork(walk, graph.name || name, inputs, outputs),
    ...(model.metadata ? { metadata: model.metadata } : {}),
  };
  return { network, isOpen: model.isOpen, warnings, walk };
}

const subgraphs = new Set(['If', 'Loop', 'Scan', 'SequenceMap']);
const quantised = /Quantize|^QLinear|Integer$/;
/** Behind the scores of classes. */
const decisions = new Set(['ArgMax', 'ArgMin', 'TopK', 'Hardmax', 'NonMaxSuppression']);

function checkOperation(node: FileNode): void {
  const { op } = node;
  if (normalForms.has(op) || foldedOperations.includes(op)) return;
  if (subgraphs.has(op)) {
    throw nodeError(
      node,
      'control flow is not supported; export the model without it, or simplify it (onnxsim), which folds what depends on constants alone',
    );
  }
  if (quantised.test(op)) throw nodeError(node, 'quantised models are not supported; export in float32');
  if (decisions.has(op)) {
    throw nodeError(
      node,
      `operation ${op} is not supported: it decides, and scores are what is judged; export the model without it, so that it ends in the scores of its classes`,
    );
  }
  throw nodeError(node, `operation ${op} is not supported; the guide to files lists those that are`);
}

/** Only those that a node reads: the others may be anything. */
function defineInitializers(
  walk: Walk,
  { graph }: Model,
  nodes: readonly FileNode[],
  folder: string | undefined,
): string[] {
  const read = new Set(nodes.flatMap((node) => node.inputs));
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
    ([type, names]) => `${names.length} ${type} tensor(s) were converted to float32, "${names[0]}" the first`,
  );
}

function readNode(walk: Walk, file: FileNode): void {
  const node = { ...file, inputs: file.inputs.map((value) => walk.resolve(value)) };
  for (const value of node.inputs) {
    if (value !== '' && !walk.isDefined(value))
      throw nodeError(node, `it reads "${value}", which nothing computes`);
  }
  const constant = fold(node, walk);
  if (constant) {
    walk.defineComputed(node, requiredOutput(node), constant);
    return;
  }
  const form = normalForms.get(node.op);
  if (!form) {
    throw nodeError(
      node,
      `operation ${node.op} is supported for sizes and other constants only, not for images`,
    );
  }
  form(node, walk);
}

function requiredOutput(node: FileNode): string {
  const [output] = node.outputs;
  if (!output) throw nodeError(node, 'its output has no name');
  return output;
}
