import { create, toBinary } from '@bufbuild/protobuf';
import { InputError } from '@espalier/errors';
import { DATA_TYPES, type DataType } from '@espalier/network';
import { METADATA_KEY } from '../metadata.ts';
import { elementTypeOf } from '../onnx/element-types.ts';
import { valueInfo } from '../onnx/encode-value.ts';
import { ModelProtoSchema, type ValueInfoProto, ValueInfoProtoSchema } from '../onnx/generated/onnx_pb.ts';
import { TENSORFLOW } from '../onnx/normal-form/tensorflow.ts';
import { GraphNode, isRecord } from './node-def.ts';
import type { TfjsFiles } from './read-files.ts';
import { typeOf } from './rules/elementwise.ts';
import { rules } from './rules/index.ts';
import { Translation } from './translation.ts';

/** The operation set that the rules write; from 18 on a Resize may name its axes. */
const OPSET = 18n;

const PLACEHOLDERS = new Set(['Placeholder', 'PlaceholderV2']);
/** Nodes that compute nothing. */
const SILENT = new Set(['Const', 'NoOp', ...PLACEHOLDERS]);

/**
 * A graph model said in ONNX: names of nodes and values are those of the graph, weights are in the order of axes that
 * the shards have, and moves (Transpose, Reshape, Cast) stand between them and what reads them. Nodes that ONNX has no
 * word for are of a separate domain.
 *
 * @throws {InputError} which starts with the file's name and names the node that is broken
 */
export function onnxOf(files: TfjsFiles): Translated {
  try {
    return translated(files);
  } catch (error) {
    throw error instanceof InputError
      ? new InputError(`${files.name}: ${error.message}`, error.field)
      : error;
  }
}

/** A graph model in ONNX. */
export interface Translated {
  readonly bytes: Uint8Array;
  /** The graph's node that each node of ONNX was made of, by their names; the others serve several. */
  readonly owners: ReadonlyMap<string, string>;
}

function translated({ nodes: defs, weights, signature, json }: TfjsFiles): Translated {
  const nodes = defs.map((def) => new GraphNode(def));
  const outputs = outputsOf(nodes, signature);
  const to = new Translation(nodes, weights, new Set(outputs));
  for (const node of nodes) if (!SILENT.has(node.op)) translate(node, to);
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [
      { domain: '', version: OPSET },
      { domain: TENSORFLOW, version: 1n },
    ],
    graph: {
      name: 'graph',
      node: to.nodes,
      initializer: to.readWeights().concat(to.tensors),
      input: inputsOf(nodes, signature),
      output: outputs.map((name) => create(ValueInfoProtoSchema, { name })),
    },
    metadataProps: metadataOf(json),
  });
  return { bytes: toBinary(ModelProtoSchema, model), owners: to.owners };
}

/** What cannot be said in ONNX is refused once something depends on it, and may be in the file until then. */
function translate(node: GraphNode, to: Translation): void {
  const rule = rules.get(node.op);
  if (!rule) {
    to.refuse(node);
    return;
  }
  try {
    rule(node, to);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    to.refuse(node, error.message);
  }
}

function metadataOf({ userDefinedMetadata }: TfjsFiles['json']) {
  const own = isRecord(userDefinedMetadata) ? userDefinedMetadata[METADATA_KEY] : undefined;
  return own === undefined
    ? []
    : [{ key: METADATA_KEY, value: typeof own === 'string' ? own : JSON.stringify(own) }];
}

/** In the order of the signature, as far as there is one. */
function inputsOf(nodes: readonly GraphNode[], { inputs = [] }: TfjsFiles['signature']): ValueInfoProto[] {
  const placeholders = nodes.filter(({ op }) => PLACEHOLDERS.has(op));
  const places = new Map(inputs.map(({ value }, i) => [value, i]));
  const place = ({ name }: GraphNode) => places.get(name) ?? inputs.length;
  return placeholders
    .toSorted((a, b) => place(a) - place(b))
    .map((node) => {
      const shape = node.shape('shape') ?? inputs[places.get(node.name) ?? -1]?.shape;
      const type = dataType(node);
      if (!shape) return create(ValueInfoProtoSchema, { name: node.name, type: untold(type) });
      return valueInfo({
        name: node.name,
        type,
        shape: shape.map((extent, axis) => open(node, extent, axis)),
      });
    });
}

/** Each open extent by a separate name; the leading one is the batch. */
function open({ name }: GraphNode, extent: number, axis: number): number | string {
  if (extent >= 0) return extent;
  return axis === 0 ? 'batch' : `${name}_${axis}`;
}

function dataType(node: GraphNode): DataType {
  const type = typeOf(node, 'dtype');
  return DATA_TYPES.find((each) => elementTypeOf(each) === type) ?? 'float32';
}

function untold(type: DataType) {
  return { value: { case: 'tensorType' as const, value: { elemType: elementTypeOf(type) } } };
}

/** What the signature says, else what nothing reads. */
function outputsOf(nodes: readonly GraphNode[], { outputs }: TfjsFiles['signature']): string[] {
  if (outputs) return [...new Set(outputs.map(({ value }) => value))];
  const read = new Set(nodes.flatMap(({ inputs }) => inputs.map((value) => value.replace(/:\d+$/, ''))));
  return nodes.filter(({ name, op }) => !read.has(name) && !SILENT.has(op)).map(({ name }) => name);
}
