import { InputError } from '@espalier/errors';
import { shortestDecimal } from './constant.ts';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  type GraphProto,
  type TensorProto,
} from './generated/onnx_pb.ts';
import { fileError } from './refusals.ts';

/** A node as the file has it. */
export interface FileNode {
  /** Unique. */
  readonly name: string;
  readonly op: string;
  /** An empty name stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: NodeAttributes;
  /** Empty for that of ONNX itself; `op` begins with any other. */
  readonly domain: string;
  /** What its subgraphs read of what is around them: the name in there, and the value. */
  readonly captured: readonly Captured[];
}

interface Captured {
  readonly as: string;
  readonly value: string;
}

/** Everything that has to be there before the node. */
export function readsOf({ inputs, captured }: Pick<FileNode, 'inputs' | 'captured'>): string[] {
  return [...inputs, ...captured.map(({ value }) => value)];
}

/** Thrown by a rule that does not hold for a node: it is read all the same, and left whole. */
export class WithoutRule extends InputError {}

export function nodeError(
  node: { readonly op: string; readonly name: string },
  message: string,
  remedy?: string,
): InputError {
  return fileError(`${node.op} "${node.name}": ${message}`, remedy);
}

type Type = AttributeProto_AttributeType;
const { FLOAT, FLOATS, GRAPH, INT, INTS, STRING, TENSOR } = AttributeProto_AttributeType;

/** The attributes of one node by name. Throws an InputError for a missing one and for one of another type. */
export class NodeAttributes {
  private readonly owner: { readonly op: string; readonly name: string };
  private readonly byName: ReadonlyMap<string, AttributeProto>;

  constructor(owner: { readonly op: string; readonly name: string }, attributes: readonly AttributeProto[]) {
    this.owner = owner;
    this.byName = new Map(attributes.map((attribute) => [attribute.name ?? '', attribute]));
  }

  /** The same for equal attributes. */
  text(): string {
    return JSON.stringify([...this.byName], (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** Without a fallback the attribute must be there. */
  int(name: string, fallback?: number): number {
    const attribute = this.find(name, INT, fallback);
    return attribute ? wholeNumber(attribute.i ?? 0n) : Number(fallback);
  }

  float(name: string, fallback?: number): number {
    const attribute = this.find(name, FLOAT, fallback);
    const value = attribute ? shortestDecimal(attribute.f ?? 0) : Number(fallback);
    if (!Number.isFinite(value)) throw nodeError(this.owner, `attribute "${name}" is ${value}`);
    return value;
  }

  string(name: string, fallback?: string): string {
    const attribute = this.find(name, STRING, fallback);
    return attribute ? new TextDecoder().decode(attribute.s ?? new Uint8Array()) : String(fallback);
  }

  /** Undefined where the attribute is not there. */
  ints(name: string): readonly number[] | undefined {
    return this.find(name, INTS, null)?.ints.map(wholeNumber);
  }

  floats(name: string): readonly number[] | undefined {
    return this.find(name, FLOATS, null)?.floats.map(shortestDecimal);
  }

  tensor(name: string): TensorProto | undefined {
    return this.find(name, TENSOR, null)?.t;
  }

  graph(name: string): GraphProto | undefined {
    return this.find(name, GRAPH, null)?.g;
  }

  /** As the file has them. */
  get all(): readonly AttributeProto[] {
    return [...this.byName.values()];
  }

  private find(name: string, type: Type, fallback: unknown): AttributeProto | undefined {
    const attribute = this.byName.get(name);
    if (!attribute && fallback === undefined) throw nodeError(this.owner, `attribute "${name}" is missing`);
    // The oldest files do not say the type.
    const is = attribute?.type || type;
    if (attribute && is !== type) {
      throw nodeError(
        this.owner,
        `attribute "${name}" is ${typeName(is)}, but ${typeName(type)} is expected`,
      );
    }
    return attribute;
  }
}

/** What is larger than any extent stands for the end of one, and remains a number that can be written. */
function wholeNumber(value: bigint): number {
  const { MIN_SAFE_INTEGER, MAX_SAFE_INTEGER } = Number;
  return Math.max(MIN_SAFE_INTEGER, Math.min(MAX_SAFE_INTEGER, Number(value)));
}

function typeName(type: Type): string {
  return AttributeProto_AttributeType[type] ?? `of type ${type}`;
}
