import { create, toBinary } from '@bufbuild/protobuf';
import {
  inferShapes,
  type Network,
  type NetworkMetadata,
  type Node,
  PROBE_BATCH,
  type Shape,
  type Tensor,
} from '@espalier/network';
import { METADATA_KEY, metadataJson } from '../metadata.ts';
import { checkFileSize } from '../size.ts';
import { encodeNode, type FileNode, type Operands, opsetFor } from './encode-node.ts';
import {
  ModelProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './generated/onnx_pb.ts';
import { UniqueNames } from './unique-names.ts';

const LOWEST_OPSET = 17;
/** The format's version that came with an operation set. */
const IR_VERSIONS: Readonly<Record<number, bigint>> = { 17: 8n, 18: 8n, 19: 9n, 20: 9n, 21: 10n };

/** What an ONNX file is made of. Extents are numbers, or names of what is not fixed. */
export interface GraphFile {
  readonly name: string;
  readonly nodes: readonly FileNode[];
  readonly inputs: readonly FileValue[];
  readonly outputs: readonly FileValue[];
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly metadata?: NetworkMetadata | undefined;
}

export interface FileValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  /** Default: float32. */
  readonly type?: 'float64' | undefined;
}

/**
 * The network as an ONNX file with all of its tensors inside. Equal networks give equal bytes, whatever they are called.
 *
 * @throws {InputError} for one that no such file can hold
 */
export function encodeOnnx(network: Network): Uint8Array {
  checkFileSize(network);
  return encodeGraph({
    ...network,
    ...withRepeats(network),
    name: 'network',
    inputs: network.inputs.map(({ name, shape }) => ({
      name,
      shape: shape.map((extent, axis) => (extent === -1 ? symbol(name, axis) : extent)),
    })),
    outputs: outputs(network),
  });
}

/**
 * What joins every image is there once in a network; a file repeats it, as often as a value beside it has images.
 */
function withRepeats({ nodes, constants }: Network): Pick<GraphFile, 'nodes' | 'constants'> {
  const taken = [...constants.keys(), ...nodes.flatMap((node) => [node.name, ...node.outputs])];
  const names = new UniqueNames(taken);
  const ones = new Map<number, string>();
  const own = new Map<string, Tensor>(constants);
  const written = nodes.flatMap((node): readonly FileNode[] => {
    const beside = node.inputs.find((value) => !constants.has(value));
    const once = node.inputs.filter((value) => constants.get(value)?.dims[0] === 1);
    if (node.op !== 'Concat' || node.attributes.axis === 0 || !beside || once.length === 0) return [node];
    const before: FileNode[] = [];
    const add = (op: string, inputs: readonly string[], attributes: Node['attributes'] = {}): string => {
      const name = names.make(`${node.name}/${op}`);
      before.push({ name, op, inputs, outputs: [name], attributes });
      return name;
    };
    const rank = constants.get(once[0] ?? '')?.dims.length ?? 1;
    if (!ones.has(rank)) {
      const name = names.make(`ones_${rank - 1}`);
      ones.set(rank, name);
      own.set(name, { dims: [rank - 1], data: new BigInt64Array(rank - 1).fill(1n) });
    }
    const images = add('Shape', [beside], { start: 0, end: 1 });
    const shape = add('Concat', [images, ones.get(rank) ?? ''], { axis: 0 });
    const repeated = new Map([...new Set(once)].map((value) => [value, add('Expand', [value, shape])]));
    return [...before, { ...node, inputs: node.inputs.map((value) => repeated.get(value) ?? value) }];
  });
  return { nodes: written, constants: own };
}

/** A graph of any operations that a runtime knows, its own among them; all values going in and out are float32. */
export function encodeGraph(file: GraphFile): Uint8Array {
  const standard = file.nodes.filter(({ domain }) => !domain);
  const opset = opsetFor(standard, LOWEST_OPSET);
  const domains = new Set(file.nodes.flatMap(({ domain }) => domain || []));
  const operands = new FileOperands(file);
  const node = file.nodes.map((each) => encodeNode(each, opset, operands.of(each)));
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSIONS[opset] ?? 8n,
    producerName: 'espalier',
    opsetImport: [
      { domain: '', version: BigInt(opset) },
      ...[...domains].map((domain) => ({ domain, version: 1n })),
    ],
    metadataProps: file.metadata ? [{ key: METADATA_KEY, value: metadataJson(file.metadata) }] : [],
    graph: {
      name: file.name,
      node,
      initializer: [
        ...[...file.constants].map(([name, tensor]) => encodeTensor(name, tensor)),
        ...operands.tensors,
      ],
      input: file.inputs.map(valueInfo),
      output: file.outputs.map(valueInfo),
    },
  });
  return toBinary(ModelProtoSchema, model);
}

/** Bytes that give an ONNX file without metadata these, where they are put behind its end. */
export function encodeMetadata(metadata: NetworkMetadata): Uint8Array {
  const metadataProps = [{ key: METADATA_KEY, value: metadataJson(metadata) }];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { metadataProps }));
}

/** Only leading axes share a name: a runtime may take equal names for equal extents. */
function symbol(value: string, axis: number): string {
  return axis === 0 ? 'batch' : `${value}_axis_${axis}`;
}

function outputs(network: Network): FileValue[] {
  const one = inferShapes(network, PROBE_BATCH);
  const two = inferShapes(network, 2 * PROBE_BATCH);
  return network.outputs.map((name) => {
    const shape = one.get(name) ?? [];
    return {
      name,
      shape: shape.map((extent, axis) => {
        if (extent === two.get(name)?.[axis]) return extent;
        return extent === PROBE_BATCH ? symbol(name, axis) : `${name}_axis_${axis}`;
      }),
    };
  });
}

function valueInfo({ name, shape, type }: FileValue): ValueInfoProto {
  const dim = shape.map((extent) => ({
    value:
      typeof extent === 'string'
        ? { case: 'dimParam' as const, value: extent }
        : { case: 'dimValue' as const, value: BigInt(extent) },
  }));
  const elemType = type === 'float64' ? TensorProto_DataType.DOUBLE : TensorProto_DataType.FLOAT;
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } },
  });
}

/** Raw bytes are little-endian, as every machine is that this runs on. */
function encodeTensor(name: string, { dims, data }: Tensor): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: dims.map(BigInt),
    dataType: dataType(data),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });
}

function dataType(data: Tensor['data']): TensorProto_DataType {
  if (data instanceof Float32Array) return TensorProto_DataType.FLOAT;
  return data instanceof BigInt64Array ? TensorProto_DataType.INT64 : TensorProto_DataType.BOOL;
}

/** The constants that only the file needs, named after their nodes and unlike every value of the network. */
class FileOperands {
  readonly tensors: TensorProto[] = [];
  private readonly names: UniqueNames;

  constructor({ constants, inputs, nodes }: GraphFile) {
    this.names = new UniqueNames([
      ...constants.keys(),
      ...inputs.map(({ name }) => name),
      ...nodes.flatMap((node) => node.outputs),
    ]);
  }

  of(node: Node): Operands {
    const add = (stem: string, dims: Shape, data: Tensor['data']): string => {
      const name = this.names.make(`${node.name}/${stem}`);
      this.tensors.push(encodeTensor(name, { dims, data }));
      return name;
    };
    return {
      ints: (stem, values) => add(stem, [values.length], BigInt64Array.from(values, BigInt)),
      floats: (stem, values) => add(stem, [values.length], Float32Array.from(values)),
      float: (stem, value) => add(stem, [], Float32Array.of(value)),
    };
  }
}
