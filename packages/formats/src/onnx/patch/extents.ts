import { inferShapes, type Network, type Node, PROBE_BATCH, type Shape } from '@espalier/network';
import type { TracedNetwork } from '../decode.ts';

/** New extents by axis. */
export type ExtentChanges = ReadonlyMap<number, number>;

/** How the extents of the file's values change with the network. */
export class Extents {
  private readonly read: TracedNetwork;
  private readonly before: ReadonlyMap<string, Shape>;
  private readonly after: ReadonlyMap<string, Shape>;
  private readonly weights: ReadonlyMap<string, Shape>;
  /** What the network calls a value that the file calls otherwise. */
  private readonly called = new Map<string, string>();
  private readonly fileNames = new Map<string, string>();

  /** @param weights the new shapes of those that have one */
  constructor(read: TracedNetwork, network: Network, weights: ReadonlyMap<string, Shape>) {
    this.read = read;
    this.weights = weights;
    this.before = inferShapes(read.network, PROBE_BATCH);
    this.after = inferShapes(network, PROBE_BATCH);
    const nodes = new Map(read.walk.nodes.map((node) => [node.name, node]));
    for (const { name, outputs } of read.network.nodes) {
      nodes.get(name)?.outputs.forEach((value, i) => {
        this.called.set(value, outputs[i] ?? value);
        this.fileNames.set(outputs[i] ?? value, value);
      });
    }
  }

  /** The file's name of a value of the network. */
  fileName(value: string): string {
    return this.fileNames.get(value) ?? value;
  }

  /** Undefined for a value of the file that the network does not have. */
  changesOf(value: string): ExtentChanges | undefined {
    const { walk } = this.read;
    const own = walk.resolve(value);
    const dims = walk.constant(own)?.[0].dims;
    if (dims) return changed(dims, this.weights.get(own) ?? dims);
    const name = this.called.get(own) ?? own;
    const turned = walk.turns?.values.get(own);
    const known = this.before.get(name) ? name : turned?.source;
    const [before, after] = [this.before.get(known ?? name), this.after.get(known ?? name)];
    const changes = before && after && changed(before, after);
    return changes && turned ? asTurned(changes, turned.perm) : changes;
  }

  /** Of what a node of the network reads, in the order of axes that its file has. */
  extent({ name, inputs }: Node, axis: number, when: 'before' | 'after'): number {
    const own = this.read.walk.turns?.nodes.get(name)?.[axis] ?? axis;
    return this[when].get(inputs[0] ?? '')?.[own] ?? 0;
  }
}

/** By the axes of the file, axis i of which is axis `perm[i]`. */
function asTurned(changes: ExtentChanges, perm: readonly number[]): ExtentChanges {
  return new Map([...changes].map(([axis, extent]) => [perm.indexOf(axis), extent]));
}

function changed(before: Shape, after: Shape): ExtentChanges {
  return new Map(after.flatMap((extent, axis) => (extent === before[axis] ? [] : [[axis, extent] as const])));
}
