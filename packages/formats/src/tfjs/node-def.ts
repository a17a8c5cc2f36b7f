import { InputError } from '@espalier/errors';

/** A node of a TensorFlow graph as its JSON has it. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[] | undefined;
  readonly attr?: Readonly<Record<string, unknown>> | undefined;
}

/** A node of a graph model, with its attributes by type. */
export class GraphNode {
  readonly name: string;
  readonly op: string;
  /** Values: the first output of a node is called as the node is, the others `node:1`, `node:2`, ... */
  readonly inputs: readonly string[];
  /** Nodes that come before it, and of which it reads nothing. */
  readonly controls: readonly string[];
  private readonly attr: Readonly<Record<string, unknown>>;

  constructor({ name, op, input = [], attr = {} }: NodeDef) {
    this.name = name;
    this.op = op;
    this.inputs = input.filter((each) => !each.startsWith('^')).map(valueName);
    this.controls = input.filter((each) => each.startsWith('^')).map((each) => each.slice(1));
    this.attr = attr;
  }

  /** The value that the i-th output is called by. */
  output(index: number): string {
    return index === 0 ? this.name : `${this.name}:${index}`;
  }

  /** The i-th input, which the node must have. */
  input(index: number): string {
    const value = this.inputs[index];
    if (value === undefined) throw this.error(`input ${index} is missing`);
    return value;
  }

  error(message: string): InputError {
    return new InputError(`${this.op} "${this.name}": ${message}`);
  }

  /** Without a fallback the attribute must be there. */
  int(name: string, fallback?: number): number {
    const value = this.number(name, 'i', fallback);
    if (!Number.isSafeInteger(value)) throw this.error(`attribute "${name}" is ${value}, not a whole number`);
    return value;
  }

  float(name: string, fallback?: number): number {
    return this.number(name, 'f', fallback);
  }

  bool(name: string, fallback = false): boolean {
    return this.field(name, 'b') === undefined ? fallback : this.field(name, 'b') === true;
  }

  ints(name: string): readonly number[] {
    const list = this.list(name, 'i').map(Number);
    if (!list.every(Number.isSafeInteger))
      throw this.error(`attribute "${name}" is [${list}], not whole numbers`);
    return list;
  }

  text(name: string, fallback: string): string {
    const value = this.field(name, 's');
    return value === undefined ? fallback : this.decoded(name, value);
  }

  texts(name: string): readonly string[] {
    return this.list(name, 's').map((value) => this.decoded(name, value));
  }

  /** A type as TensorFlow calls it, such as `DT_FLOAT`. */
  type(name: string, fallback: string): string {
    const value = this.field(name, 'type');
    return typeof value === 'string' ? value : fallback;
  }

  /** -1 stands for an extent that is open; undefined where nothing is known of the shape. */
  shape(name: string): readonly number[] | undefined {
    return shapeOf(this.field(name, 'shape'));
  }

  private number(name: string, field: 'i' | 'f', fallback: number | undefined): number {
    const given = this.field(name, field);
    const value = given === undefined ? fallback : Number(given);
    if (value === undefined) throw this.error(`attribute "${name}" is missing`);
    if (!Number.isFinite(value)) throw this.error(`attribute "${name}" is ${String(given)}, not a number`);
    return value;
  }

  private field(name: string, field: string): unknown {
    const attribute = Object.hasOwn(this.attr, name) ? this.attr[name] : undefined;
    return isRecord(attribute) ? attribute[field] : undefined;
  }

  private list(name: string, field: string): readonly unknown[] {
    const list = this.field(name, 'list');
    const entries = isRecord(list) ? list[field] : undefined;
    return Array.isArray(entries) ? entries : [];
  }

  /** Text is kept as Base64, or as a list of bytes. */
  private decoded(name: string, value: unknown): string {
    if (typeof value === 'string') return Buffer.from(value, 'base64').toString('latin1');
    if (Array.isArray(value)) return String.fromCharCode(...value.map(Number));
    throw this.error(`attribute "${name}" is no text`);
  }
}

/** `-1` stands for an extent that is open; undefined where it is none, or nothing is known of it. */
export function shapeOf(shape: unknown): readonly number[] | undefined {
  if (!isRecord(shape) || shape.unknownRank === true) return undefined;
  const dims = Array.isArray(shape.dim) ? shape.dim : [];
  const extents = dims.map((dim) => (isRecord(dim) && dim.size !== undefined ? Number(dim.size) : -1));
  return extents.every((extent) => Number.isSafeInteger(extent) && extent >= -1) ? extents : undefined;
}

/** The name of a value: `node:0` is `node`. */
export function valueName(reference: string): string {
  return reference.endsWith(':0') ? reference.slice(0, -2) : reference;
}

/** The node that computes a value. */
export function nodeOf(value: string): string {
  return value.replace(/:\d+$/, '');
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
