import type { Engine, Executable } from '@espalier/engines';
import {
  type FloatTensor,
  inferShapes,
  inputOf,
  type Network,
  type Shape,
  sizeOf,
  takesOneImage,
} from '@espalier/network';
import type { Behind } from './behind.ts';
import { columnsOf, type Layer } from './layer.ts';
import { addGram, drawPositions, emptyGram, GRAM, type Gram, gramNodes } from './rows.ts';
import { bytesOf, outputOfNode, type Part, type Side } from './side.ts';

/**
 * The unpruned network, and the cut one as it is repaired so far. The same side twice where nothing is cut: what its
 * layers read is all that is asked for then.
 */
export interface Sides {
  readonly base: Side;
  readonly cut: Side;
}

/** The same images in the same order whenever they are asked for. */
export interface RepairImages {
  readonly count: number;
  /** So many at a time, [n, c, h, w]. */
  batches(size: number): AsyncIterable<FloatTensor>;
}

/** A layer that is to be repaired. */
export interface Task {
  readonly layer: Layer;
  /** The filters of the unpruned layer that are left. */
  readonly kept: readonly number[];
  /** What happens to its output. */
  readonly following: Behind;
  /** No layer is repaired after it. */
  readonly isLast: boolean;
}

export interface Collecting {
  readonly engine: Engine;
  readonly images: RepairImages;
  /** Images per batch. */
  readonly batch: number;
  /** Positions of a layer's output in each image. */
  readonly positions: number;
  readonly seed: number;
  /** Bytes that kept values may take. */
  readonly memory: number;
  /** What is to be computed again, for the same layer, is not gone on from. */
  readonly stays?: boolean;
  /** See `Wanted`. */
  readonly predicted?: Float32Array;
  readonly signal?: AbortSignal | undefined;
  readonly onImages?: (images: number) => void;
}

/** Positions of a layer's output in each image: neighbours say nearly the same, so that more tell little. */
const POSITIONS = 16;
/** Where images come one by one: positions are a part of the graph, so that all of them have the same. */
const POSITIONS_OF_ONE = 256;
/** Rows of all images together: fewer images have more positions each, or they would not tell inputs apart. */
const ROWS = 8_000;
/** Bytes that the patches of a batch may take. */
const PATCHES = 128 * 2 ** 20;
/** Bytes that values between the layers may take, of all images. */
export const MEMORY = 1.5 * 2 ** 30;
/** Bytes that the largest value of a batch may take. */
const BATCH_MEMORY = 128 * 2 ** 20;
const BATCH = 100;
const NOTHING: Part = { nodes: [], constants: new Map(), inputs: [] };

/** Every so many batches one is for judging a solution, and the others are for finding it. */
const JUDGED = 5;

/** What a layer reads in the cut network, and should compute by the unpruned one, as sums over the images. */
export async function collect(
  task: Task,
  sides: Sides,
  work: Collecting,
): Promise<{ readonly fit: Gram; readonly judge: Gram }> {
  const { images, batch, signal } = work;
  const step = new Step(task, sides, work);
  const sums = { fit: emptyGram(task.layer), judge: emptyGram(task.layer) };
  const judged = Math.min(JUDGED, Math.ceil(images.count / batch)) - 1;
  try {
    let index = 0;
    for await (const { size, image } of batchesOf(sides, images, batch)) {
      signal?.throwIfAborted();
      addGram(index % JUDGED === judged ? sums.judge : sums.fit, await step.run(index++, size, image));
      work.onImages?.(size);
    }
  } finally {
    await step.dispose();
  }
  step.done();
  return sums;
}

async function* batchesOf(sides: Sides, images: RepairImages, batch: number) {
  if (sides.base.readsImages || sides.cut.readsImages) {
    for await (const image of images.batches(batch)) yield { size: image.dims[0] ?? 1, image };
    return;
  }
  for (let from = 0; from < images.count; from += batch) {
    yield { size: Math.min(batch, images.count - from), image: null };
  }
}

/** One layer's joint graph: both networks up to the layer, its rows and their products. */
class Step {
  private readonly task: Task;
  private readonly sides: Sides;
  private readonly work: Collecting;
  private readonly parts: { readonly base: Part; readonly cut: Part };
  private readonly next: { readonly side: Side; readonly values: readonly string[] }[];
  private readonly advances: ReturnType<Side['advance']>[];
  private readonly compiled = new Map<number, { readonly rows: number; readonly executable: Executable }>();

  constructor(task: Task, sides: Sides, work: Collecting) {
    this.task = task;
    this.sides = sides;
    this.work = work;
    const { layer, following, isLast } = task;
    const { x, y } = this.ends();
    const isOne = sides.base === sides.cut;
    const next = {
      cut: sides.cut.frontier(layer.node.name, 'before', [x]),
      base: isOne ? [] : sides.base.frontier(layer.node.name, 'behind'),
    };
    // What does not fit into memory is computed again for the next layer, from what is kept already.
    const bytes =
      bytesOf(next.cut, inferShapes(sides.cut.network)) + bytesOf(next.base, inferShapes(sides.base.network));
    const keeps = !work.stays && !isLast && bytes * work.images.count <= work.memory;
    this.next = !keeps
      ? []
      : [{ side: sides.cut, values: next.cut }, ...(isOne ? [] : [{ side: sides.base, values: next.base }])];
    const stream = following.stream === null ? [] : [following.stream];
    this.parts = {
      cut: sides.cut.part([x, ...(isOne ? [y] : []), ...stream, ...(keeps ? next.cut : [])]),
      base: isOne ? NOTHING : sides.base.part([y, ...stream, ...(keeps ? next.base : [])]),
    };
    this.advances = this.next.map(({ side, values }) => side.advance(values));
  }

  async run(index: number, size: number, image: FloatTensor | null) {
    const { base, cut } = this.sides;
    const { rows, executable } = await this.executable(size);
    const fed = {
      ...cut.feed(index, this.parts.cut, image),
      ...base.feed(index, this.parts.base, image),
    };
    const computed = await executable.run(fed);
    for (const advance of this.advances) advance.batch({ ...fed, ...computed });
    const sum = (name: string) => computed[name]?.data ?? [];
    return { rows, xx: sum(GRAM.inputs), xy: sum(GRAM.targets), yy: sum(GRAM.squares) };
  }

  done(): void {
    for (const advance of this.advances) advance.done();
  }

  async dispose(): Promise<void> {
    for (const { executable } of this.compiled.values()) await executable.dispose();
  }

  /** What the cut layer reads, and what the unpruned one computes. */
  private ends(): { readonly x: string; readonly y: string } {
    const { node } = this.task.layer;
    return { x: inputOf(node, 0), y: outputOfNode(this.sides.base.network, node.name) };
  }

  /** Positions are a part of the graph, and so is the number of images: the last batch may have its own. */
  private async executable(size: number) {
    const known = this.compiled.get(size);
    if (known) return known;
    const { engine, positions, seed } = this.work;
    const shapes = {
      base: inferShapes(this.sides.base.network, size),
      cut: inferShapes(this.sides.cut.network, size),
    };
    const { layer } = this.task;
    const fitting = Math.floor(PATCHES / (4 * layer.groups * columnsOf(layer) * size));
    const each = Math.max(POSITIONS, Math.min(positions, fitting));
    const drawn = drawPositions(layer, shapes.base.get(this.ends().y) ?? [], each, seed);
    const executable = await engine.compile(this.graph(shapes, drawn), { optimiseFor: 'throughput' });
    const made = { rows: drawn.length, executable };
    this.compiled.set(size, made);
    return made;
  }

  private graph(
    shapes: Readonly<Record<'base' | 'cut', ReadonlyMap<string, Shape>>>,
    positions: readonly number[],
  ): Network {
    const { parts, sides, work } = this;
    const { layer, kept, following } = this.task;
    const { stream } = following;
    const { x, y } = this.ends();
    const gram = gramNodes(
      layer,
      positions,
      { value: sides.cut.name(x), shape: shapes.cut.get(x) ?? [] },
      { value: sides.base.name(y), shape: shapes.base.get(y) ?? [], kept },
      {
        behind: following,
        stream: stream === null ? undefined : { should: sides.base.name(stream), is: sides.cut.name(stream) },
        predicted: work.predicted,
      },
    );
    const inputs = (side: 'base' | 'cut') =>
      parts[side].inputs.map((value) => ({
        name: sides[side].name(value),
        shape: shapes[side].get(value) ?? [],
      }));
    const all = [...inputs('cut'), ...inputs('base')];
    const isFed = new Set(all.map(({ name }) => name));
    const carried = this.next.flatMap(({ side, values }) => values.map((value) => side.name(value)));
    return {
      name: `repair of ${layer.node.name}`,
      nodes: [...parts.base.nodes, ...parts.cut.nodes, ...gram.nodes],
      constants: new Map([...parts.base.constants, ...parts.cut.constants, ...gram.constants]),
      inputs: all,
      outputs: [...Object.values(GRAM), ...carried.filter((name) => !isFed.has(name))],
    };
  }
}

/** @param images all that there are */
export function positionsFor(network: Pick<Network, 'inputs'>, images: number): number {
  return Math.max(takesOneImage(network) ? POSITIONS_OF_ONE : POSITIONS, Math.ceil(ROWS / images));
}

/**
 * Images per batch: as many as the network takes, some are left for judging, and the largest value fits into memory.
 */
export function batchFor(network: Network, images: number): number {
  if (takesOneImage(network)) return 1;
  const largest = Math.max(
    ...[...inferShapes(network).entries()].map(([name, shape]) =>
      network.constants.has(name) ? 1 : sizeOf(shape),
    ),
  );
  const fitting = Math.max(1, Math.floor(BATCH_MEMORY / (4 * largest)));
  return Math.min(BATCH, fitting, Math.ceil(images / 5));
}
