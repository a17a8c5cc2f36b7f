import {
  ancestry,
  type FloatTensor,
  fedWith,
  type Network,
  type Node,
  outputOf,
  type Shape,
  sizeOf,
  type Tensor,
} from '@espalier/network';

type Values = Readonly<Record<string, FloatTensor>>;

/** A part of a network, with names that no other network's part has. */
export interface Part {
  readonly nodes: readonly Node[];
  readonly constants: ReadonlyMap<string, Tensor>;
  /** What is to be fed, by its name in the network. */
  readonly inputs: readonly string[];
}

/**
 * A network that is walked from front to back, layer by layer, on the same batches each time. What the layers to come
 * need is kept of every batch, so that nothing is computed twice.
 */
export class Side {
  network: Network;
  private readonly prefix: string;
  /** The values that are kept of every batch; at first what the network is fed with, which is read. */
  private kept: readonly string[];
  private batches: (Values | undefined)[] | null = null;

  /** @param prefix before every name, so that two networks can be one graph */
  constructor(prefix: string, network: Network) {
    this.prefix = prefix;
    this.network = network;
    this.kept = network.inputs.map(({ name }) => name);
  }

  /** Whether the images are needed: nothing is kept yet. */
  get readsImages(): boolean {
    return this.batches === null;
  }

  /** A value's or node's name in the joint graph. */
  name(value: string): string {
    return value === '' ? '' : `${this.prefix}${value}`;
  }

  /** What computes some values from those that are kept. */
  part(values: readonly string[]): Part {
    const { nodes, inputs } = ancestry(this.network, new Set(this.kept), values);
    const read = new Set(nodes.flatMap((node) => node.inputs));
    const renamed = nodes.map(
      (node): Node => ({
        ...node,
        name: this.name(node.name),
        inputs: node.inputs.map((value) => this.name(value)),
        outputs: node.outputs.map((value) => this.name(value)),
      }),
    );
    const constants = new Map<string, Tensor>();
    for (const [name, tensor] of this.network.constants) {
      if (read.has(name)) constants.set(this.name(name), tensor);
    }
    return { nodes: renamed, constants, inputs };
  }

  /** The values before a node, or right after it, that the network's outputs and these depend on. */
  frontier(node: string, place: 'before' | 'behind', wanted: readonly string[] = []): string[] {
    const position = this.network.nodes.findIndex(({ name }) => name === node);
    const done = this.network.nodes.slice(0, place === 'before' ? position : position + 1);
    const known = new Set([
      ...this.network.inputs.map(({ name }) => name),
      ...done.flatMap(({ outputs }) => outputs),
    ]);
    return [...ancestry(this.network, known, [...this.network.outputs, ...wanted]).inputs];
  }

  /** What a part is fed with of a batch. */
  feed(batch: number, { inputs }: Part, images: FloatTensor | null): Record<string, FloatTensor> {
    const kept = this.batches ? this.batches[batch] : images && fedWith(this.network, images);
    const fed = inputs.map((value): [string, FloatTensor] => {
      const tensor = kept?.[value];
      if (!tensor) throw new Error(`"${value}" is not kept`);
      return [this.name(value), tensor];
    });
    return Object.fromEntries(fed);
  }

  /** Takes up what is kept from here on, batch by batch in their order; `done` when all are there. */
  advance(values: readonly string[]) {
    const next: Values[] = [];
    return {
      batch: (computed: Values): void => {
        const old = this.batches?.[next.length];
        if (this.batches) this.batches[next.length] = undefined;
        const all = values.map((value): [string, FloatTensor] => {
          const tensor = computed[this.name(value)] ?? old?.[value];
          if (!tensor) throw new Error(`"${value}" was not computed`);
          return [value, tensor];
        });
        next.push(Object.fromEntries(all));
      },
      done: (): void => {
        this.kept = values;
        this.batches = next;
      },
    };
  }
}

/** What a node computes: its name stays where its output gets another one. */
export function outputOfNode({ nodes }: Network, name: string): string {
  const node = nodes.find((each) => each.name === name);
  if (!node) throw new Error(`there is no node "${name}"`);
  return outputOf(node);
}

/** Bytes of some values of one image. */
export function bytesOf(values: readonly string[], shapes: ReadonlyMap<string, Shape>): number {
  return values.reduce((sum, value) => sum + 4 * sizeOf(shapes.get(value) ?? []), 0);
}
