import { type DoubleProduct, type Engine, openDoubleProduct } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import {
  type ChannelMap,
  FIXED,
  inferShapes,
  type KeptUnits,
  type Network,
  removedUnits,
} from '@espalier/network';
import { behind } from './behind.ts';
import { biasOf, withWeights } from './bias.ts';
import {
  batchFor,
  type Collecting,
  collect,
  MEMORY,
  positionsFor,
  type RepairImages,
  type Sides,
  type Task,
} from './collect.ts';
import { heldSolution, relativeError } from './held.ts';
import { asFarAsItHelps } from './how-far.ts';
import { columnsOf, type Layer, layerOf, matrixOf, weightsOf } from './layer.ts';
import { addGram, type Gram } from './rows.ts';
import { outputOfNode, Side } from './side.ts';
import { type Solution, solve, withBias } from './solve.ts';

export interface RepairRequest {
  /** The unpruned network, its channels, and what was cut out of it. */
  readonly base: Network;
  readonly map: ChannelMap;
  readonly structure: readonly KeptUnits[];
  readonly cut: Network;
  readonly images: RepairImages;
  /** Draws the positions. */
  readonly seed: number;
  readonly engine: Engine;
  readonly signal?: AbortSignal | undefined;
  /** Counts (image, layer) pairs. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Bytes that values between the layers may take, of all images; beyond it they are computed again. Default 1.5 GiB. */
  readonly memory?: number;
}

export interface Repaired {
  readonly network: Network;
  /**
   * What was repaired, in order. The errors are those of what the layer computes, relative to what it should compute
   * (sums of squares), on images that the solution has not seen.
   */
  readonly layers: readonly { readonly layer: string; readonly before: number; readonly after: number }[];
  /** How far it went from the weights as cut to those that were solved for: see `asFarAsItHelps`. Left out: all the way. */
  readonly share?: number;
  /** Layers that are as they were cut, and why. */
  readonly left: readonly { readonly layer: string; readonly reason: string }[];
}

/** Raised when the same images give other weights. */
export const REPAIR_VERSION = 3;
/** Training images of a repair of which nothing more is said: more of them add little. */
export const USUAL_REPAIR_IMAGES = 2000;
/** Solving takes memory with the square of the columns. */
const MOST_COLUMNS = 16_384;

/**
 * Gives every layer after a cut the weights that are best for the inputs that it has left: by least squares its
 * output becomes what it is in the unpruned network, layer by layer from front to back, each on what the layers
 * before it, repaired already, hand it. Where a rectifier follows, a second pass asks for nothing where both networks
 * are below zero (He, Zhang, Sun, "Channel pruning for accelerating very deep neural networks", ICCV 2017). Needs
 * images, no labels and no gradients.
 *
 * @throws {InputError} where there are too few images; the signal's reason when aborted
 */
export async function repair(request: RepairRequest): Promise<Repaired> {
  const { base, cut, engine, images } = request;
  if (images.count < 2) {
    throw new InputError('a repair holds out some of its images: give two or more', 'repair');
  }
  const product = await openDoubleProduct(engine.threads);
  try {
    return await new Repair(
      request,
      { base: new Side('base/', base), cut: new Side('cut/', cut) },
      product,
    ).run();
  } finally {
    await product.dispose();
  }
}

/** By how many images is repaired, of a training split of `n`: as asked, or else the usual number or what there is. */
export function repairImages(
  { repair, recalibrate }: { readonly repair: number | null; readonly recalibrate: number | null },
  n: number,
): number {
  if (repair !== null) return repair;
  // A repair is compared with the statistics that BatchNorm has, so it is one or the other.
  return recalibrate === null && n > 1 ? Math.min(USUAL_REPAIR_IMAGES, n) : 0;
}

class Repair {
  private readonly request: RepairRequest;
  private readonly sides: Sides;
  private readonly product: DoubleProduct;
  private readonly removed: Uint8Array;
  private readonly layers: Repaired['layers'][number][] = [];
  private readonly left: Repaired['left'][number][] = [];

  constructor(request: RepairRequest, sides: Sides, product: DoubleProduct) {
    this.request = request;
    this.sides = sides;
    this.product = product;
    this.removed = removedUnits(request.map, request.structure);
  }

  async run(): Promise<Repaired> {
    const { images, onProgress, engine, seed, signal, memory = MEMORY, base } = this.request;
    const layers = this.disturbedLayers();
    const todo = layers.map((layer, i): Task => {
      const kept = this.keptFilters(layer);
      const later = new Set(layers.slice(i + 1).map(({ node }) => node.name));
      const following = behind(base, layer.node.name, kept, later);
      return { layer, kept, following, isLast: i === layers.length - 1 };
    });
    const passes = todo.reduce((sum, { following }) => sum + (following.isRectified ? 2 : 1), 0);
    let done = 0;
    const onImages = (count: number) => {
      done += count;
      onProgress?.(done, passes * images.count);
    };
    const work: Collecting = {
      ...{ engine, images, seed, signal, memory, positions: positionsFor(base, images.count) },
      batch: batchFor(base, images.count),
      onImages,
    };
    for (const task of todo) {
      const reason = await this.repairLayer(task, work);
      if (reason === undefined) continue;
      this.left.push({ layer: task.layer.node.name, reason });
      // Its second pass is not needed.
      if (task.following.isRectified) onImages(images.count);
    }
    const { cut } = this.request;
    if (this.layers.length === 0) return { network: cut, layers: this.layers, left: this.left };
    const { network, share } = await asFarAsItHelps(
      { base, cut, engine, images, signal },
      this.sides.cut.network,
    );
    if (share === 1) return { network, layers: this.layers, left: this.left };
    if (share > 0) return { network, share, layers: this.layers, left: this.left };
    const reason = 'with new weights the outputs are worse, or no better';
    const undone = this.layers.map(({ layer }) => ({ layer, reason }));
    return { network, share, layers: [], left: [...this.left, ...undone] };
  }

  /** A reason where the layer stays as it was cut. */
  private async repairLayer(task: Task, work: Collecting): Promise<string | undefined> {
    const { sides, product } = this;
    const { base } = this.request;
    const { layer, kept, following } = task;
    const { name } = layer.node;
    const first = await collect(task, sides, { ...work, stays: following.isRectified });
    if (![first.fit, first.judge].every(isSound)) return 'it computes numbers that are not finite';
    const { network } = sides.cut;
    const given: Solution = {
      weights: matrixOf(layer, network.constants.get(layer.weight)?.data as Float32Array),
      bias: biasOf(network, base, layer, kept),
    };
    const held = await heldSolution({ ...first, images: work.images.count }, given, product);
    if (!held) return 'new weights are no better on images that were held out';
    const { lambda, before, error: after } = held;
    const solved = (gram: Gram) => solve(gram, given.weights, lambda, product);
    addGram(first.fit, first.judge);
    let { weights, bias } = await solved(first.fit);
    if (following.isRectified) {
      const predicted = Float32Array.from(withBias(first.fit, { weights, bias }));
      const second = await collect(task, sides, { ...work, predicted });
      const errorOf = (solution: Solution) => relativeError(second.judge, solution, product);
      if ((await errorOf(await solved(second.fit))) < (await errorOf(held.solution))) {
        addGram(second.fit, second.judge);
        ({ weights, bias } = await solved(second.fit));
      }
    }
    sides.cut.network = withWeights(network, base, layer, kept, { weights: weightsOf(layer, weights), bias });
    this.layers.push({ layer: name, before, after });
    return undefined;
  }

  /** The layers that compute something else than they did; those that cannot be repaired are named. */
  private disturbedLayers(): Layer[] {
    const { cut } = this.request;
    const disturbed = this.disturbedNodes();
    return cut.nodes.flatMap((node) => {
      if (!disturbed.has(node.name)) return [];
      const layer = layerOf(cut, node);
      if (layer === undefined) return [];
      const reason = typeof layer === 'string' ? layer : this.reasonAgainst(layer);
      if (reason !== undefined) this.left.push({ layer: node.name, reason });
      return typeof layer === 'string' || reason !== undefined ? [] : [layer];
    });
  }

  private reasonAgainst(layer: Layer): string | undefined {
    const { cut } = this.request;
    const other = cut.nodes.find(
      ({ name, inputs }) => name !== layer.node.name && inputs.includes(layer.weight),
    );
    if (other) return `"${other.name}" has the same weights`;
    if (columnsOf(layer) > MOST_COLUMNS) {
      return `it reads ${columnsOf(layer).toLocaleString('en')} inputs; more than ${MOST_COLUMNS.toLocaleString('en')} need too much memory`;
    }
    return undefined;
  }

  /** Nodes that compute something else than they did: all after one that sums over removed units. */
  private disturbedNodes(): ReadonlySet<string> {
    const { base, map } = this.request;
    const sums = new Set(
      map.consumers
        .filter(({ labels }) => labels.some((unit) => unit !== FIXED && this.removed[unit]))
        .map(({ node }) => node),
    );
    const values = new Set<string>();
    const nodes = base.nodes.filter(({ name, inputs, outputs }) => {
      if (!sums.has(name) && !inputs.some((value) => values.has(value))) return false;
      for (const value of outputs) values.add(value);
      return true;
    });
    return new Set(nodes.map(({ name }) => name));
  }

  /** Which filters of the unpruned layer the cut one still has. */
  private keptFilters(layer: Layer): number[] {
    const { base, map } = this.request;
    const y = outputOfNode(base, layer.node.name);
    const shape = inferShapes(base).get(y) ?? [];
    const axis = layer.reads ? 1 : shape.length - 1;
    const units = map.axes.get(y)?.[axis];
    return Array.from({ length: shape[axis] ?? 0 }, (_, i) => i).filter((i) => {
      const unit = units?.[i] ?? FIXED;
      return unit === FIXED || !this.removed[unit];
    });
  }
}

/** Whether all numbers that went into the sums were finite. */
function isSound({ xx, yy }: Gram): boolean {
  return xx.every(Number.isFinite) && yy.every(Number.isFinite);
}
