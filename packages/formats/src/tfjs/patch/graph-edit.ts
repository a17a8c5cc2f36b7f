import type { GraphNode } from '../node-def.ts';
import { GraphNode as Node, type NodeDef, nodeOf } from '../node-def.ts';
import type { TfjsFiles } from '../read-files.ts';
import type { NewWeight } from '../weights-written.ts';

/** A node's JSON while it is changed. */
export interface EditedNode {
  name: string;
  op: string;
  input: string[];
  attr: Record<string, unknown>;
}

/** Operations that nobody needs by themselves: gone with their last reader. */
const DROPPED = new Set(['BroadcastTo', 'Const', 'Fill', 'OnesLike', 'ZerosLike']);

/** In the order in which the file has it, and with an empty list only where the file has one. */
function asGiven({ input, attr, ...node }: EditedNode, given: NodeDef | undefined): NodeDef {
  return {
    ...given,
    ...node,
    ...(input.length > 0 || given?.input ? { input } : {}),
    ...(Object.keys(attr).length > 0 || given?.attr ? { attr } : {}),
  };
}

/** A graph model while it is changed: what nobody touches stays as the file has it. */
export class GraphEdit {
  readonly weights = new Map<string, NewWeight>();
  private readonly nodes: EditedNode[];
  private readonly byName: Map<string, EditedNode>;
  private readonly given: ReadonlyMap<string, NodeDef>;
  private readonly readBefore: ReadonlySet<string>;
  private readonly outputs: readonly string[];

  constructor({ nodes, signature }: Pick<TfjsFiles, 'nodes' | 'signature'>) {
    this.outputs = (signature.outputs ?? []).map(({ value }) => nodeOf(value));
    this.given = new Map(nodes.map((node) => [node.name, node]));
    this.nodes = nodes.map((node) => ({ ...node, input: [...(node.input ?? [])], attr: { ...node.attr } }));
    this.byName = new Map(this.nodes.map((node) => [node.name, node]));
    this.readBefore = this.readNames();
  }

  node(name: string): EditedNode | undefined {
    return this.byName.get(name);
  }

  ofOp(op: string): EditedNode[] {
    return this.nodes.filter((node) => node.op === op);
  }

  /** As the rules see it. */
  view(name: string): GraphNode | undefined {
    const node = this.byName.get(name);
    return node && new Node(node);
  }

  setWeight(name: string, weight: NewWeight): void {
    this.weights.set(name, weight);
    const value = this.byName.get(name)?.attr.value;
    const tensor = (value as { tensor?: object } | undefined)?.tensor;
    const node = this.byName.get(name);
    const dim = weight.dims.map((size) => ({ size: String(size) }));
    if (node && tensor)
      node.attr.value = { tensor: { ...tensor, tensorShape: dim.length > 0 ? { dim } : {} } };
  }

  /** Adds a Const before all else and returns its name. */
  addConst(stem: string, weight: NewWeight, type: string): string {
    const name = this.newName(stem);
    const dim = weight.dims.map((size) => ({ size: String(size) }));
    const tensorShape = dim.length > 0 ? { dim } : {};
    this.add(0, {
      name,
      op: 'Const',
      input: [],
      attr: { dtype: { type }, value: { tensor: { dtype: type, tensorShape } } },
    });
    this.weights.set(name, weight);
    return name;
  }

  /** Adds a node after another one. */
  addBehind(before: EditedNode, node: EditedNode): void {
    this.add(this.nodes.indexOf(before) + 1, node);
  }

  /** Adds a node after another one, under a name that it returns: this one, if it is free. */
  addAs(stem: string, before: EditedNode, node: Omit<EditedNode, 'name'>): string {
    const name = this.newName(stem);
    this.addBehind(before, { ...node, name });
    return name;
  }

  rename(node: EditedNode, stem: string): void {
    this.byName.delete(node.name);
    node.name = this.newName(stem);
    this.byName.set(node.name, node);
  }

  /** Without constants, and what fills with one number, that were read and are no longer. */
  result(): { readonly nodes: readonly NodeDef[]; readonly dropped: ReadonlySet<string> } {
    const dropped = new Set<string>();
    for (let before = -1; before < dropped.size; ) {
      before = dropped.size;
      const read = this.readNames(dropped);
      for (const { name, op } of this.nodes)
        if (DROPPED.has(op) && this.readBefore.has(name) && !read.has(name)) dropped.add(name);
    }
    return {
      nodes: this.nodes
        .filter(({ name }) => !dropped.has(name))
        .map((node) => asGiven(node, this.given.get(node.name))),
      dropped,
    };
  }

  private add(place: number, node: EditedNode): void {
    this.nodes.splice(place, 0, node);
    this.byName.set(node.name, node);
  }

  private newName(stem: string): string {
    let name = stem;
    for (let i = 1; this.byName.has(name); i++) name = `${stem}_${i}`;
    return name;
  }

  private readNames(without: ReadonlySet<string> = new Set()): Set<string> {
    const nodes = this.nodes.filter(({ name }) => !without.has(name));
    const inputs = nodes.flatMap(({ input }) => input.map((each) => nodeOf(each.replace(/^\^/, ''))));
    return new Set([...inputs, ...this.outputs]);
  }
}
