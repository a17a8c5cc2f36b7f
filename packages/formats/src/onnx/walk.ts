import { InputError } from '@espalier/errors';
import {
  type Attributes,
  type DataType,
  type Node,
  type Opaque,
  outputShapes,
  type Shape,
  type StoredType,
  type Tensor,
} from '@espalier/network';
import { type Budget, MOST_AXES, MOST_EXTENT } from './budget.ts';
import {
  type Constant,
  constantType,
  PROBE_BATCHES,
  type Probed,
  probe,
  sameConstant,
  sameShape,
} from './constant.ts';
import { type FileNode, nodeError, readsOf, WithoutRule } from './file-node.ts';
import type { Known } from './folding/index.ts';
import { typedTensor } from './opaque/typed-tensor.ts';
import { fileError } from './refusals.ts';
import type { Turns } from './transposes/sink.ts';
import { UniqueNames } from './unique-names.ts';

/** What a normal form may replace of the file's node. */
interface Emission {
  readonly op?: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  /** Default: the first output of the file's node. */
  readonly outputs?: readonly string[];
  readonly attributes?: Attributes;
  /** Places of inputs that are of a separate type, where they are constants. */
  readonly typed?: readonly number[];
}

/**
 * What is known while the nodes of a file are read one after the other: shapes and constants for two batch
 * sizes, and the network's nodes so far.
 */
export class Walk implements Known {
  readonly opset: number;
  readonly budget: Budget;
  /** The batch size that the file was exported for; undefined where it is open. */
  readonly fixedBatch: number | undefined;
  readonly nodes: Node[] = [];
  /** Float constants that nodes read. */
  readonly constants = new Map<string, Tensor>();
  /** The file's node that each of the network's nodes came from, by the latter's name. */
  readonly origins = new Map<string, FileNode>();
  /** Of constants that the file keeps otherwise than as float32, by their numbers. */
  readonly stored = new Map<Tensor['data'], StoredType>();
  /** Where Transposes of the file are not there any more: what that changed. */
  turns: Turns | undefined;
  private readonly known = new Map<string, Probed<Constant>>();
  private readonly shapesOf = new Map<string, Probed<Shape>>();
  /** Values of another type than float32. */
  private readonly types = new Map<string, DataType>();
  /** Values whose shapes the data decide, as far as they are known. */
  private readonly open = new Map<string, Shape | null>();
  private readonly aliases = new Map<string, string>();
  private readonly numbers = new Map<Constant, number>();
  /** Names of constants in separate types. */
  private readonly typed = new Map<string, string>();
  /** By what they were computed from. */
  private readonly computed = new Map<string, Probed<Constant>>();
  private readonly nodeNames: UniqueNames;
  private readonly valueNames: UniqueNames;
  /** Values that something in the file reads. */
  private readonly read: Set<string>;

  constructor(
    nodes: readonly FileNode[],
    outputs: readonly string[],
    { opset, fixedBatch }: { opset: number; fixedBatch: number | undefined },
    budget: Budget,
  ) {
    this.budget = budget;
    this.opset = opset;
    this.fixedBatch = fixedBatch;
    this.nodeNames = new UniqueNames(nodes.map(({ name }) => name));
    const values = nodes.flatMap((node) => [...readsOf(node), ...node.outputs]);
    this.valueNames = new UniqueNames([...values, ...outputs]);
    this.read = new Set([...nodes.flatMap(readsOf), ...outputs]);
  }

  defineInput(name: string, shape: Shape, type: DataType = 'float32'): void {
    if (type !== 'float32') this.types.set(name, type);
    this.setShapes(
      name,
      probe((which) => shape.map((extent) => (extent === -1 ? PROBE_BATCHES[which] : extent))),
    );
  }

  /** Lists are as long as an axis, and loops as deep as there are axes. */
  private setShapes(name: string, shapes: Probed<Shape>): void {
    const [a, b] = shapes;
    const wide = a.find((extent, axis) => extent === b[axis] && extent > MOST_EXTENT);
    if (wide !== undefined)
      throw fileError(`"${name}" has an axis of ${wide}; at most ${MOST_EXTENT} are read`);
    if (a.length > MOST_AXES)
      throw fileError(`"${name}" has ${a.length} axes; at most ${MOST_AXES} are read`);
    // Lists of indices are as long as axes, also of what has no elements.
    this.budget.spend(a.reduce((sum, extent, axis) => sum + (extent === b[axis] ? extent : 1), 0));
    this.shapesOf.set(name, shapes);
  }

  defineConstant(name: string, constant: Probed<Constant>): void {
    this.known.set(name, constant);
    this.setShapes(name, [constant[0].dims, constant[1].dims]);
  }

  /**
   * A constant that was computed from others, once for equal ones: exporters transpose a module's weight each time that
   * it is called, and it is one parameter all the same.
   */
  defineComputed(node: FileNode, output: string, constant: Probed<Constant>): void {
    // A Constant's own tensor is not told in words.
    if (node.inputs.length === 0) {
      this.defineConstant(output, constant);
      return;
    }
    const from = node.inputs.map((value) => this.constantNumber(value));
    const made = `${node.op} ${from} ${node.attributes.text()}`;
    const before = this.computed.get(made);
    this.computed.set(made, before ?? constant);
    this.defineConstant(output, before ?? constant);
  }

  /** The same for copies of a constant. */
  private constantNumber(value: string): number {
    const constant = this.known.get(value)?.[0];
    const number = (constant && this.numbers.get(constant)) ?? this.numbers.size;
    if (constant) this.numbers.set(constant, number);
    return number;
  }

  /** The name under which a value is known after nodes were dropped. */
  resolve(value: string): string {
    return this.aliases.get(value) ?? value;
  }

  isRead(value: string): boolean {
    return this.read.has(value);
  }

  /** Of nodes that take another one's place. */
  addRead(value: string): void {
    this.read.add(value);
  }

  constant(value: string): Probed<Constant> | undefined {
    return this.known.get(value);
  }

  shapes(value: string): Probed<Shape> {
    const shapes = this.shapesOf.get(value);
    if (!shapes) throw fileError(`nothing computes "${value}"`);
    return shapes;
  }

  isDefined(value: string): boolean {
    return this.shapesOf.has(value) || this.open.has(value);
  }

  /** What is known of the shape of a value whose data decide it; undefined where it is all known. */
  openShape(value: string): Shape | null | undefined {
    return this.open.get(value);
  }

  type(value: string): DataType {
    const constant = this.known.get(value)?.[0];
    return constant ? constantType(constant) : (this.types.get(value) ?? 'float32');
  }

  /** Whether an axis has another extent for another batch size. */
  followsBatch(value: string, axis: number): boolean {
    const [a, b] = this.shapes(value);
    return a[axis] !== b[axis];
  }

  /** The node does nothing: its output is its input. */
  drop(node: FileNode, input = node.inputs[0] ?? ''): void {
    onlyFirstOutput(node, this);
    if (!input) throw nodeError(node, 'input 0 is missing');
    this.alias(node.outputs[0] ?? '', input);
  }

  /** Two names of one value. */
  alias(output: string, value: string): void {
    this.aliases.set(output, value);
  }

  /** Adds the node to the network. */
  emit(file: FileNode, emission: Emission): void {
    if (!emission.outputs) onlyFirstOutput(file, this);
    const { op = file.op, name = file.name, outputs = file.outputs.slice(0, 1), typed = [] } = emission;
    const inputs = emission.inputs.map((value, i) =>
      typed.includes(i) ? this.typedConstant(file, value) : value,
    );
    const node: Node = { name, op, inputs, outputs, attributes: emission.attributes ?? {} };
    inputs.forEach((value, i) => {
      if (!typed.includes(i)) this.materialise(node, value);
    });
    const shapes = probe((which) =>
      checkedShapes(
        node,
        emission.inputs.map((value) => this.shapes(value)[which]),
      ),
    );
    outputs.forEach((value, i) => {
      this.setShapes(value, [shapes[0][i] ?? [], shapes[1][i] ?? []]);
    });
    this.nodes.push(node);
    this.origins.set(name, file);
  }

  /**
   * Adds a node without a rule as it is. Constants that it reads keep their types.
   *
   * @param shapes of its outputs, for both batch sizes; those that are not known all are open
   */
  emitOpaque(
    file: FileNode,
    node: Node & { readonly opaque: Opaque },
    shapes: readonly (Probed<Shape> | null)[],
  ): void {
    const inputs = node.inputs.map((value) => this.typedConstant(file, value));
    node.outputs.forEach((value, i) => {
      const { type = 'float32', shape = null } = node.opaque.results[i] ?? {};
      const known = shapes[i];
      if (type !== 'float32') this.types.set(value, type);
      if (known) this.setShapes(value, known);
      else this.open.set(value, shape);
    });
    this.nodes.push({ ...node, inputs });
    this.origins.set(node.name, file);
  }

  private typedConstant(file: FileNode, value: string): string {
    const constant = this.known.get(value)?.[0];
    if (!constant) return value;
    if (constant.kind === 'float') {
      // What is not finite means something where it is compared or chosen.
      if (!this.constants.has(value)) this.constants.set(value, typedTensor(constant));
      return value;
    }
    const key = `${value} ${this.type(value)}`;
    const name = this.typed.get(key) ?? this.valueNames.make(`${value}/${this.type(value)}`);
    this.typed.set(key, name);
    if (!this.constants.has(name)) {
      if (!sameConstant(this.known.get(value) ?? [constant, constant]))
        throw nodeError(file, `its operand "${value}" depends on the batch size`);
      this.constants.set(name, typedTensor(constant));
    }
    return name;
  }

  /** Adds a node that comes before the one the file's node becomes, and returns its output. */
  before(file: FileNode, op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const name = this.nodeNames.make(`${file.name}/${op}`);
    const output = this.valueNames.make(name);
    this.emit(file, { op, name, inputs, outputs: [output], attributes });
    return output;
  }

  /** A constant beside those of the file, named after one of them. */
  derived(stem: string, constant: Constant): string {
    const name = this.valueNames.make(stem);
    this.defineConstant(name, [constant, constant]);
    return name;
  }

  valueName(stem: string): string {
    return this.valueNames.make(stem);
  }

  nodeName(stem: string): string {
    return this.nodeNames.make(stem);
  }

  /** A constant becomes one of the network's where a node reads it. */
  private materialise(node: Node, value: string): void {
    const constant = this.known.get(value);
    if (!constant || this.constants.has(value)) return;
    if (!sameConstant(constant)) throw nodeError(node, `its operand "${value}" depends on the batch size`);
    const [{ dims, data, stored }] = constant;
    const wrong = data.findIndex((element) => !Number.isFinite(element));
    if (wrong >= 0) {
      throw nodeError(
        node,
        `its tensor "${value}" holds ${data[wrong]} (element ${wrong}); the model is broken`,
      );
    }
    const tensor = { dims, data: data instanceof Float32Array ? data : Float32Array.from(data) };
    this.constants.set(value, tensor);
    if (stored) this.stored.set(tensor.data, stored);
  }
}

function checkedShapes(node: Node, inputs: readonly Shape[]): readonly Shape[] {
  const shapes = shapesOf(node, inputs);
  const empty = shapes.find((shape) => !shape.every((extent) => Number.isSafeInteger(extent) && extent > 0));
  if (empty) throw nodeError(node, `its output would have shape [${empty}]`);
  return shapes;
}

/** What does not go together names the node already. */
function shapesOf(node: Node, inputs: readonly Shape[]): readonly Shape[] {
  try {
    return outputShapes(node, inputs);
  } catch (error) {
    throw error instanceof InputError ? fileError(error.message) : error;
  }
}

function onlyFirstOutput(node: FileNode, walk: Walk): void {
  const other = node.outputs.slice(1).find((value) => value !== '' && walk.isRead(value));
  if (other !== undefined) throw new WithoutRule(`its further output "${other}" is read`);
  if (!node.outputs[0]) throw nodeError(node, 'its first output has no name');
}

/** One shape for every batch: -1 where the extent follows it. */
export function followingShape(node: FileNode, shapes: Probed<Shape>): number[] {
  const [a, b] = shapes;
  const shape = a.map((extent, axis) => (extent === b[axis] ? extent : -1));
  if (a.length !== b.length || shape.filter((extent) => extent === -1).length > 1) {
    throw nodeError(node, `more than one axis of its output [${shape}] follows the batch`);
  }
  return shape;
}

/** Adds a Reshape to this shape as the file's node, unless it is the input's own. */
export function emitReshape(walk: Walk, node: FileNode, input: string, shapes: Probed<Shape>): void {
  const current = walk.shapes(input);
  if (sameShape([current[0], shapes[0]]) && sameShape([current[1], shapes[1]])) walk.drop(node, input);
  else {
    const shape = followingShape(node, shapes);
    walk.emit(node, { op: 'Reshape', inputs: [input], attributes: { shape } });
  }
}
