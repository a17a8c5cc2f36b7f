import { type DoubleProduct, openDoubleProduct } from '@espalier/engines';
import { type ChannelGroup, type ChannelMap, inputOf, type Network, prunableGroups } from '@espalier/network';
import type { Evidence, EvidenceSubject } from '../evidence/evidence.ts';
import { behind } from '../repair/behind.ts';
import { batchFor, collect, MEMORY, positionsFor } from '../repair/collect.ts';
import { REPAIR_LAMBDA } from '../repair/held.ts';
import { columnsOf, type Layer, layerOf, matrixOf } from '../repair/layer.ts';
import { addGram, type Gram } from '../repair/rows.ts';
import { Side } from '../repair/side.ts';
import { centred } from '../repair/solve.ts';
import { type Criterion, evidenceOf } from './criterion.ts';
import { eliminate, type Reader } from './elimination.ts';
import { unitWithin } from './filters.ts';
import { l2 } from './norm.ts';
import { DEFAULT_REDUCTION, reduce } from './reduction.ts';

/** Inverting takes memory with the square of the columns, and time with their cube. */
const MOST_COLUMNS = 8192;

/** A layer that sums over units, and where they are among what it reads. */
interface Consumer {
  readonly layer: Layer;
  /** By input channel, the unit of the network. */
  readonly labels: ArrayLike<number>;
}

/**
 * What a repair cannot make up for when a unit goes: the error of the layers that read the group, with the best
 * weights for what they have left, one unit after the other. A layer's error is taken after its BatchNorm, where the
 * next layers read it, and as a share of the variance there: so the layers that read one stream count alike, however
 * large their numbers are, and so do groups. Layers that only hand units on (depthwise ones) are what the next ones
 * read. A group that no layer with weights reads, or only such of more than 8,192 inputs, is ranked by `l2`.
 */
export const reconstruction: Criterion = {
  name: 'reconstruction',
  description: 'error that remains after removing a unit and repairing the next layers, on training images',
  drawsBySeed: true,
  comparesAcrossGroups: true,
  evidence: { kind: 'reconstruction', images: 2000, gather },
  score(group, context) {
    const { network, map } = context;
    if (consumersOf(network, map, group).length === 0)
      return reduce(l2.members(group, context), group.width, DEFAULT_REDUCTION);
    return evidenceOf(context, 'reconstruction', group.id);
  },
};

async function gather({ network, map, engine, sample, signal }: EvidenceSubject): Promise<Evidence> {
  const groups = prunableGroups(map).map((group) => ({
    group,
    consumers: consumersOf(network, map, group),
  }));
  const asked = new Map(
    groups.flatMap(({ consumers }) => consumers.map((consumer) => [consumer.layer.node.name, consumer])),
  );
  const consumers = network.nodes.flatMap(({ name }) => asked.get(name) ?? []);
  const side = new Side('net/', network);
  const images = {
    count: sample.images,
    async *batches(size: number) {
      for await (const { input } of sample.batches(size)) yield input;
    },
  };
  // Positions need no seed: the images have one.
  const work = {
    ...{ engine, images, signal, seed: 0, memory: MEMORY, positions: positionsFor(network, sample.images) },
    batch: batchFor(network, sample.images),
  };
  const evidence = new Map<string, Float64Array>();
  const grams = new Map<string, Gram>();
  let waiting = groups.filter(({ consumers }) => consumers.length > 0);
  const product = await openDoubleProduct(engine.threads);
  try {
    for (const { layer } of consumers) {
      const kept = filtersOf(layer);
      // Only what the layer reads counts.
      const following = {
        ...behind(network, layer.node.name, kept, new Set()),
        stream: null,
        isRectified: false,
      };
      const task = { layer, kept, following, isLast: layer === consumers.at(-1)?.layer };
      const { fit, judge } = await collect(task, { base: side, cut: side }, work);
      addGram(fit, judge);
      grams.set(layer.node.name, fit);
      const isReady = ({ consumers }: (typeof groups)[number]) =>
        consumers.every(({ layer }) => grams.has(layer.node.name));
      for (const { group, consumers } of waiting.filter(isReady)) {
        // Whoever asked says so of what is not finite.
        if (!consumers.every(({ layer }) => grams.get(layer.node.name)?.xx.every(Number.isFinite))) {
          evidence.set(group.id, new Float64Array(group.width).fill(Number.NaN));
          continue;
        }
        const readers: Reader[] = [];
        for (const consumer of consumers) {
          const gram = grams.get(consumer.layer.node.name);
          if (gram) readers.push(...(await readersOf(network, consumer, gram, group, product)));
        }
        evidence.set(group.id, await eliminate(group.width, readers, product, signal));
      }
      waiting = waiting.filter((each) => !isReady(each));
      const needed = waiting.flatMap(({ consumers }) => consumers.map(({ layer }) => layer.node.name));
      for (const name of grams.keys()) if (!needed.includes(name)) grams.delete(name);
    }
  } finally {
    await product.dispose();
  }
  return evidence;
}

function filtersOf({ groups, filters }: Layer): number[] {
  return Array.from({ length: groups * filters }, (_, filter) => filter);
}

/** The layers that sum over a group's units with weights of their own. */
function consumersOf(network: Network, { consumers }: ChannelMap, group: ChannelGroup): Consumer[] {
  return consumers.flatMap(({ node: name, value, labels }) => {
    if (!labels.some((unit) => unitWithin(group, unit) >= 0)) return [];
    const node = network.nodes.find((each) => each.name === name);
    const layer = node && layerOf(network, node);
    if (!node || layer === undefined || typeof layer === 'string') return [];
    const reads = inputOf(node, 0) === value && labels.length === layer.groups * layer.channels;
    return reads && columnsOf(layer) <= MOST_COLUMNS ? [{ layer, labels }] : [];
  });
}

/** A layer seen by each of its conv-groups, its weights such that what it hands on has the variance 1 in all. */
async function readersOf(
  network: Network,
  { layer, labels }: Consumer,
  gram: Gram,
  group: ChannelGroup,
  product: DoubleProduct,
): Promise<Reader[]> {
  const { groups, taps, channels, filters } = layer;
  const columns = columnsOf(layer);
  const all = matrixOf(layer, network.constants.get(layer.weight)?.data as Float32Array);
  const { scale } = behind(network, layer.node.name, filtersOf(layer), new Set());
  const parts: Reader[] = [];
  let variance = 0;
  for (let g = 0; g < groups; g++) {
    const { xx, trace } = centred(gram, g);
    const weights = all.slice(g * columns * filters, (g + 1) * columns * filters);
    for (let i = 0; i < weights.length; i++)
      weights[i] = (weights[i] as number) * (scale[g * filters + (i % filters)] ?? 1);
    const computed = await product.multiply(xx, weights, columns);
    for (let i = 0; i < weights.length; i++) variance += (weights[i] as number) * (computed[i] as number);
    const columnsOf = Array.from({ length: group.width }, (): number[] => []);
    for (let channel = 0; channel < channels; channel++) {
      const unit = unitWithin(group, labels[g * channels + channel] ?? -1);
      for (let tap = 0; tap < taps; tap++) columnsOf[unit]?.push(tap * channels + channel);
    }
    const ridge = (REPAIR_LAMBDA * trace) / columns;
    if (ridge > 0 && columnsOf.some(({ length }) => length > 0))
      parts.push({ covariance: xx, ridge, weights, filters, columnsOf });
  }
  // What hands on nothing but constants loses nothing.
  if (!(variance > 0)) return [];
  return parts.map((part) => ({
    ...part,
    weights: part.weights.map((weight) => weight / Math.sqrt(variance)),
  }));
}
