import { create, toBinary } from '@bufbuild/protobuf';
import {
  inferShapes,
  type Network,
  type NetworkMetadata,
  type Node,
  PROBE_BATCH,
  type Shape,
  type Tensor,
  valueTypes,
  withTail,
} from '@espalier/network';
import { METADATA_KEY, metadataJson } from '../metadata.ts';
import { checkFileSize } from '../size.ts';
import { encodeNode, type FileNode, type Operands, versionsOf } from './encode-node.ts';
import { encodeTensor, type FileValue, valueInfo } from './encode-value.ts';
import { ModelProtoSchema, type TensorProto } from './generated/onnx_pb.ts';
import { encodedProp } from './metadata-props.ts';
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

/**
 * The network as an ONNX file with all of its tensors inside. Equal networks give equal bytes, whatever they are
 * called.
 *
 * @throws {InputError} for one that no such file can hold
 */
export function encodeOnnx(given: Network): Uint8Array {
  checkFileSize(given);
  const network = withTail(given);
  return encodeGraph({
    ...network,
    ...withRepeats(network),
    name: 'network',
    inputs: network.inputs.map(({ name, shape, type }) => ({
      name,
      type,
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
    // The first extent; Shape itself takes a part of them only in newer operation sets.
    const images = add('Gather', [add('Shape', [beside])], { axis: 0, indices: [0] });
    const shape = add('Concat', [images, ones.get(rank) ?? ''], { axis: 0 });
    const repeated = new Map([...new Set(once)].map((value) => [value, add('Expand', [value, shape])]));
    return [...before, { ...node, inputs: node.inputs.map((value) => repeated.get(value) ?? value) }];
  });
  return { nodes: written, constants: own };
}

/** A graph of any operations that a runtime knows, its own among them. */
export function encodeGraph(file: GraphFile): Uint8Array {
  const { '': opset = LOWEST_OPSET, ...domains } = versionsOf(file.nodes, LOWEST_OPSET);
  const operands = new FileOperands(file);
  const node = file.nodes.map((each) => encodeNode(each, opset, operands.of(each)));
  const model = create(ModelProtoSchema, {
    irVersion: opset > 21 ? 10n : (IR_VERSIONS[opset] ?? 8n),
    producerName: 'espalier',
    opsetImport: [
      { domain: '', version: BigInt(opset) },
      ...Object.entries(domains).map(([domain, version]) => ({ domain, version: BigInt(version) })),
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

/** Bytes that give an ONNX file without metadata these, where they are put after its end. */
export function encodeMetadata(metadata: NetworkMetadata): Uint8Array {
  return encodedProp(METADATA_KEY, metadataJson(metadata));
}

/** Only leading axes share a name: a runtime may take equal names for equal extents. */
function symbol(value: string, axis: number): string {
  return axis === 0 ? 'batch' : `${value}_axis_${axis}`;
}

function outputs(network: Network): FileValue[] {
  const one = inferShapes(network, PROBE_BATCH);
  const two = inferShapes(network, 2 * PROBE_BATCH);
  const types = valueTypes(network);
  const ofNoRank = new Set(
    network.nodes.flatMap(({ outputs, opaque }) =>
      outputs.filter((_, i) => opaque?.results[i]?.shape === null),
    ),
  );
  return network.outputs.map((name) => {
    if (ofNoRank.has(name)) return { name, type: types.get(name), shape: null };
    const shape = one.get(name) ?? [];
    return {
      name,
      type: types.get(name),
      shape: shape.map((extent, axis) => {
        if (extent === 0) return undefined;
        if (extent === two.get(name)?.[axis]) return extent;
        return extent === PROBE_BATCH ? symbol(name, axis) : `${name}_axis_${axis}`;
      }),
    };
  });
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
