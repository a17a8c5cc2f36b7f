import { fromBinary } from '@bufbuild/protobuf';
import { InputError } from '@espalier/errors';
import type { NetworkInput, NetworkMetadata } from '@espalier/network';
import { METADATA_KEY, parseMetadata } from '../metadata.ts';
import { type Asked, asAsked } from './as-asked.ts';
import { dataTypeOf } from './element-types.ts';
import { domainOf } from './file-graph.ts';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  TensorProto_DataType,
  type ValueInfoProto,
} from './generated/onnx_pb.ts';
import {
  type Extent,
  type GivenShapes,
  givenBatch,
  isFixed,
  openAxes,
  withGivenShapes,
} from './input-shapes.ts';
import { fileError } from './refusals.ts';
import { dataTypeName, isConverted } from './tensors.ts';

/** The highest is the newest that the runtime reads. */
const OPSETS = { lowest: 7, highest: 26 };

/** The parts of a model file that a network is made of, checked as far as they can be without its nodes. */
export interface Model {
  readonly graph: GraphProto;
  readonly opset: number;
  /** The operation set of each domain, ONNX's own under an empty name. */
  readonly versions: ReadonlyMap<string, number>;
  readonly inputs: readonly NetworkInput[];
  /** The batch size of a file that was exported for a single one; the network has any. */
  readonly fixedBatch: number | undefined;
  /** Whether it leaves more than the batch open. */
  readonly isOpen: boolean;
  readonly outputs: readonly string[];
  readonly warnings: readonly string[];
  /** As the file itself has them. */
  readonly metadata: NetworkMetadata | undefined;
}

/** Throws an InputError for bytes that are no ONNX model, or one of a version that is not supported. */
export function parseModel(bytes: Uint8Array, asked: Asked = {}): Model {
  const proto = parse(bytes);
  const own = proto.graph;
  if (!own || (own.node.length === 0 && own.output.length === 0)) {
    throw fileError('not an ONNX model: there is no graph in it');
  }
  const opset = opsetOf(proto);
  const graph = asAsked(own, asked);
  const initializers = new Set(graph.initializer.map(({ name }) => name));
  const infos = imagesFirst(graph.input.filter(({ name }) => !initializers.has(name)));
  if (graph.node.length === 0) throw fileError('the graph has no nodes');
  if (infos.length === 0) throw fileError('the graph has no input');
  if (graph.output.length === 0) throw fileError('the graph has no output');
  const metadata = ownMetadata(proto);
  const size = metadata?.input.size ?? asked.size;
  const { inputs, fixedBatch, isOpen } = networkInputs(infos, { ...asked, size });
  return {
    graph,
    opset,
    versions: versionsOf(proto),
    inputs,
    fixedBatch,
    isOpen,
    outputs: graph.output.map(({ name = '' }) => name),
    warnings: infos.filter((info) => isConverted(elementType(info))).map(convertedInput),
    metadata,
  };
}

/** Of several inputs the one that carries the images comes first, as far as shapes tell it; the others keep their order. */
function imagesFirst(infos: readonly ValueInfoProto[]): ValueInfoProto[] {
  if (infos.length < 2) return [...infos];
  const images = infos.find((info) => {
    const [, a, b, c, ...more] = extentsOf(info);
    const isImage = (channels: Extent, ...sides: readonly Extent[]) =>
      (channels === 1 || channels === 3) && sides.every((side) => side !== 1);
    return more.length === 0 && c !== undefined && (isImage(a, b, c) || isImage(c, a, b));
  });
  return images ? [images, ...infos.filter((info) => info !== images)] : [...infos];
}

function ownMetadata({ metadataProps }: ModelProto): NetworkMetadata | undefined {
  const text = metadataProps.findLast(({ key }) => key === METADATA_KEY)?.value;
  return text === undefined ? undefined : parseMetadata(text, `metadata "${METADATA_KEY}"`);
}

function parse(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch {
    throw fileError(
      'not an ONNX model: the file is damaged, incomplete or of another kind; download or export it again',
    );
  }
}

function versionsOf({ opsetImport }: ModelProto): Map<string, number> {
  return new Map(opsetImport.map((each) => [domainOf(each), Number(each.version ?? 0n)]));
}

function opsetOf(proto: ModelProto): number {
  const opset = versionsOf(proto).get('');
  if (opset === undefined) throw fileError('the model does not say which ONNX operation set it uses');
  const { lowest, highest } = OPSETS;
  if (opset < lowest || opset > highest) {
    throw new InputError(
      `operation set ${opset} of domain "ai.onnx" is not supported; export with one from ${lowest} to ${highest}, or convert it (onnx.version_converter)`,
    );
  }
  return opset;
}

function elementType({ type }: ValueInfoProto): number | undefined {
  return type?.value.case === 'tensorType' ? type.value.value.elemType : undefined;
}

function convertedInput(info: ValueInfoProto): string {
  return `input "${info.name}" is ${dataTypeName(elementType(info))}; the network takes float32`;
}

/** Floats of any width are float32 here. */
function inputType(info: ValueInfoProto): Pick<NetworkInput, 'type'> {
  const element = elementType(info);
  const type = isConverted(element) ? undefined : dataTypeOf(element);
  return type && type !== 'float32' ? { type } : {};
}

function extentsOf({ name = '', type }: ValueInfoProto): readonly Extent[] {
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  const element = tensor?.elemType;
  if (!dataTypeOf(element) || element === TensorProto_DataType.STRING) {
    throw new InputError(
      `input "${name}" is ${tensor ? dataTypeName(element) : 'no tensor'}; export a network that takes numbers`,
    );
  }
  const extents = tensor?.shape?.dim.map(({ value }): Extent => {
    if (value.case === 'dimValue') return Number(value.value);
    return value.value || undefined;
  });
  if (!extents || extents.length === 0)
    throw new InputError(
      `input "${name}" has no shape; export it with one, or give it a number (--set ${name}=0)`,
    );
  return extents;
}

/**
 * The leading axis is the batch. Where no input leaves it open, the file's batch size is freed; where one does, a batch
 * size that is given is what the file's own numbers are meant for.
 */
function networkInputs(infos: readonly ValueInfoProto[], given: GivenShapes) {
  const own = new Map(infos.map((info) => [info.name ?? '', extentsOf(info)]));
  const extents = withGivenShapes(own, given);
  const leading = [...extents.values()].map(([first]) => first);
  const symbol = leading.find((extent) => typeof extent === 'string');
  const open = leading.some((extent) => typeof extent !== 'number' || extent < 1);
  const fixedBatch = open ? undefined : Number(leading[0]);
  const types = new Map(infos.map((info) => [info.name ?? '', inputType(info)]));
  const inputs = [...extents].map(([name, shape]): NetworkInput => {
    const follows = shape.map((extent, axis) =>
      axis === 0 ? extent === fixedBatch || !isFixed(extent) : extent === symbol && symbol !== undefined,
    );
    const axes = shape.flatMap((extent, axis) => (follows[axis] || isFixed(extent) ? [] : [axis]));
    if (axes.length > 0) throw new InputError(openAxes(name, shape, axes), 'input');
    return {
      name,
      ...types.get(name),
      shape: shape.map((extent, axis) => (follows[axis] ? -1 : Number(extent))),
    };
  });
  const isOpen = inputs.some(({ name, shape }) =>
    shape.some((extent, axis) => extent !== -1 && axis > 0 && !isFixed(own.get(name)?.[axis])),
  );
  return { inputs, isOpen, fixedBatch: fixedBatch ?? givenBatch(own, given) };
}
