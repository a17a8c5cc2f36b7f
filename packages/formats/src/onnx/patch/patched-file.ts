import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { namedNodes } from '../file-graph.ts';
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from '../generated/onnx_pb.ts';
import { isOutside, takeIn } from '../tensors.ts';
import { UniqueNames } from '../unique-names.ts';

/** From this version of the format on a tensor need not be listed among the inputs. */
const TENSORS_ARE_NO_INPUTS = 4n;

/** A model file while it is patched: it is changed in place, and knows who makes and who reads each value. */
export class PatchedFile {
  readonly graph: GraphProto;
  private readonly model: ModelProto;
  private readonly byName: ReadonlyMap<string, NodeProto>;
  private readonly makers = new Map<string, NodeProto>();
  private readonly initializers = new Map<string, TensorProto>();
  private readonly readers = new Map<string, number>();
  /** How many tensors are in files beside the model. */
  readonly outside: number;
  /** What nothing reads in the file as given stays as well. */
  private readonly unreadAsGiven: ReadonlySet<string>;
  private readonly names: UniqueNames;

  /** @param bytes of a file that has a graph */
  constructor(bytes: Uint8Array) {
    this.model = fromBinary(ModelProtoSchema, bytes);
    const { graph } = this.model;
    if (!graph) throw new Error('a file without a graph cannot be patched');
    this.graph = graph;
    this.byName = new Map(namedNodes(graph.node).map(({ name }, i) => [name, graph.node[i] as NodeProto]));
    for (const tensor of graph.initializer) this.initializers.set(tensor.name ?? '', tensor);
    this.outside = graph.initializer.filter(isOutside).length;
    for (const node of graph.node) this.link(node);
    for (const { name = '' } of graph.output) this.count(name, 1);
    const values = [
      ...this.initializers.keys(),
      ...this.makers.keys(),
      ...graph.input.map(({ name = '' }) => name),
    ];
    this.unreadAsGiven = new Set(values.filter((value) => this.readersOf(value) === 0));
    this.names = new UniqueNames([...values, ...this.readers.keys()]);
  }

  get opset(): number {
    const standard = this.model.opsetImport.find(({ domain = '' }) => domain === '' || domain === 'ai.onnx');
    return Number(standard?.version ?? 0n);
  }

  /** By the name under which nodes are read: see `orderedNodes`. */
  node(name: string): NodeProto | undefined {
    return this.byName.get(name);
  }

  nodes(): ReadonlyMap<string, NodeProto> {
    return this.byName;
  }

  maker(value: string): NodeProto | undefined {
    return this.makers.get(value);
  }

  /** An initializer, or the tensor of a Constant. */
  tensor(value: string): TensorProto | undefined {
    const maker = this.makers.get(value);
    if (maker?.opType !== 'Constant') return this.initializers.get(value);
    return maker.attribute.find(({ name }) => name === 'value')?.t;
  }

  /** Nodes and outputs. */
  readersOf(value: string): number {
    return this.readers.get(value) ?? 0;
  }

  newName(stem: string): string {
    return this.names.make(stem);
  }

  setInput(node: NodeProto, index: number, value: string): void {
    while (node.input.length <= index) node.input.push('');
    this.count(node.input[index] ?? '', -1);
    node.input[index] = value;
    this.count(value, 1);
  }

  setOutput(node: NodeProto, index: number, value: string): void {
    this.makers.delete(node.output[index] ?? '');
    node.output[index] = value;
    this.makers.set(value, node);
  }

  /** Adds a tensor under a new name, which it returns. */
  addTensor(stem: string, tensor: MessageInitShape<typeof TensorProtoSchema>): string {
    const name = this.names.make(stem);
    const added = create(TensorProtoSchema, { ...tensor, name });
    this.graph.initializer.push(added);
    this.initializers.set(name, added);
    if ((this.model.irVersion ?? 0n) < TENSORS_ARE_NO_INPUTS) {
      const dim = added.dims.map((value) => ({ value: { case: 'dimValue' as const, value } }));
      const value = { elemType: added.dataType ?? 0, shape: { dim } };
      this.graph.input.push(
        create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } }),
      );
    }
    return name;
  }

  /** Takes in what is in files beside the model. */
  takeIn(folder: string | undefined): void {
    const files = folder === undefined ? undefined : { folder, read: new Map<string, number>() };
    for (const [name, tensor] of this.initializers) if (isOutside(tensor)) takeIn(tensor, name, files);
  }

  /** Adds a node before another one. */
  insertBefore(next: NodeProto, node: NodeProto): void {
    this.graph.node.splice(this.graph.node.indexOf(next), 0, node);
    this.link(node);
  }

  /** Adds a node after all that make what it reads. */
  insertBehindInputs(node: NodeProto): void {
    const places = node.input.map((value) => {
      const maker = this.makers.get(value);
      return maker ? this.graph.node.indexOf(maker) : -1;
    });
    this.graph.node.splice(Math.max(-1, ...places) + 1, 0, node);
    this.link(node);
  }

  /** Makes another operation of a node. */
  rewrite(node: NodeProto, op: string, inputs: readonly string[]): void {
    for (const value of node.input) this.count(value, -1);
    node.opType = op;
    node.input = [...inputs];
    node.attribute = [];
    for (const value of inputs) this.count(value, 1);
  }

  addMetadata(key: string, value: string): void {
    const own = this.model.metadataProps.find((each) => each.key === key);
    if (own) own.value = value;
    else this.model.metadataProps.push({ $typeName: 'onnx.StringStringEntryProto', key, value });
  }

  /** Without what was read in the file as given and is no longer. */
  bytes(): Uint8Array {
    this.dropUnread();
    return toBinary(ModelProtoSchema, this.model);
  }

  private dropUnread(): void {
    const isDropped = (value: string) => this.readersOf(value) === 0 && !this.unreadAsGiven.has(value);
    // Backwards: what a node reads is made before it.
    this.graph.node = this.graph.node
      .toReversed()
      .filter((node) => {
        if (node.output.some((value) => value !== '' && !isDropped(value))) return true;
        for (const value of node.input) this.count(value, -1);
        return false;
      })
      .reverse();
    const dropped = new Set(
      this.graph.initializer.flatMap(({ name = '' }) => (isDropped(name) ? [name] : [])),
    );
    this.graph.initializer = this.graph.initializer.filter(({ name = '' }) => !dropped.has(name));
    this.graph.input = this.graph.input.filter(({ name = '' }) => !dropped.has(name));
    const made = new Set(this.graph.node.flatMap((node) => node.output));
    this.graph.valueInfo = this.graph.valueInfo.filter(
      ({ name = '' }) => !this.makers.has(name) || made.has(name),
    );
  }

  private link(node: NodeProto): void {
    for (const value of node.input) this.count(value, 1);
    for (const value of node.output) if (value !== '') this.makers.set(value, node);
  }

  private count(value: string, by: number): void {
    if (value !== '') this.readers.set(value, this.readersOf(value) + by);
  }
}
