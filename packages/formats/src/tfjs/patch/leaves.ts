import { NodeAttributes } from '../../onnx/file-node.ts';
import { transposed } from '../../onnx/folding/layout.ts';
import {
  type GraphProto,
  type NodeProto,
  type TensorProto,
  TensorProto_DataType,
} from '../../onnx/generated/onnx_pb.ts';
import { readTensor, tensorFields } from '../../onnx/tensors.ts';
import type { NewWeight } from '../weights-written.ts';

/** Operations that only move the numbers of their first input. */
const MOVES = new Set(['Cast', 'Identity', 'Reshape', 'Transpose']);

/** The tensor before the moves that a node's input comes through. */
export interface Leaf {
  readonly tensor: TensorProto;
  /** The nearest to the node first. */
  readonly moves: readonly NodeProto[];
}

/** A graph, and where its values come from. */
export class Leaves {
  readonly nodes: ReadonlyMap<string, NodeProto>;
  readonly tensors: ReadonlyMap<string, TensorProto>;
  private readonly makers: ReadonlyMap<string, NodeProto>;

  constructor(graph: GraphProto) {
    this.nodes = new Map(graph.node.map((node) => [node.name ?? '', node]));
    this.tensors = new Map(graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
    this.makers = new Map(graph.node.flatMap((node) => node.output.map((value) => [value, node] as const)));
  }

  maker(value: string): NodeProto | undefined {
    return this.makers.get(value);
  }

  /** Undefined for a value that is computed from what goes into the graph. */
  of(value: string): Leaf | undefined {
    const moves: NodeProto[] = [];
    for (let at = value; moves.length <= this.nodes.size; ) {
      const tensor = this.tensors.get(at);
      if (tensor) return { tensor, moves };
      const maker = this.makers.get(at);
      if (!maker || !MOVES.has(maker.opType ?? '')) return undefined;
      moves.push(maker);
      at = maker.input[0] ?? '';
    }
    return undefined;
  }
}

/** What a tensor after these moves was before them; undefined where that cannot be told. */
export function inFrontOf(moves: readonly NodeProto[], tensor: TensorProto): NewWeight | undefined {
  let now = weightOf(tensor);
  for (const move of moves) {
    if (move.opType === 'Reshape') return undefined;
    if (move.opType !== 'Transpose') continue;
    const perm =
      new NodeAttributes({ op: 'Transpose', name: move.name ?? '' }, move.attribute).ints('perm') ?? [];
    const back = perm.map((_, axis) => perm.indexOf(axis));
    const { dims, data } = transposed(readTensor(tensor, tensor.name ?? '', undefined), back);
    const fields = tensorFields(now.dataType, { dims, data });
    now = { ...fields, dims };
    tensor = { ...tensor, ...fields };
  }
  return now;
}

export function weightOf({ dims, dataType = TensorProto_DataType.FLOAT, rawData }: TensorProto): NewWeight {
  return { dims: dims.map(Number), dataType, rawData: rawData ?? new Uint8Array() };
}

/** The whole numbers of a list. */
export function numbersIn(tensor: TensorProto): readonly number[] {
  return [...readTensor(tensor, tensor.name ?? '', undefined).data];
}

export function isSameTensor(a: TensorProto, b: TensorProto): boolean {
  const bytes = ({ rawData }: TensorProto) => Buffer.from(rawData ?? new Uint8Array());
  return `${a.dims}` === `${b.dims}` && a.dataType === b.dataType && bytes(a).equals(bytes(b));
}
