import {
  ancestry,
  type ChannelMap,
  layerCosts,
  type Network,
  networkCost,
  sizeOf,
  subnetwork,
  takesOneImage,
} from '@espalier/network';
import type { Ranking } from '../../criteria/index.ts';
import type { RowWork } from '../executor.ts';
import { affectedRegion, type Site } from './region.ts';
import { linearConsumer } from './running-sums.ts';
import { type VariantBatch, variantNetwork } from './variants.ts';

/** How one group's ratios are measured. */
export type Way = 'running-sums' | 'stacked-masks' | 'narrow';

/** How some ratios of one group are measured. */
export interface MeasuringWay {
  readonly way: Way;
  readonly batches: readonly VariantBatch[];
  /** MACs for one image. */
  readonly macs: number;
}

/** One group's turn in the pass over the network. */
export interface PlanStep {
  readonly row: number;
  readonly group: string;
  /** Units that its cells remove, ascending. */
  readonly removed: readonly number[];
  readonly measuring: MeasuringWay;
  /** Values of the unpruned pass that this step needs: computed from what earlier steps kept. */
  readonly advance: { readonly inputs: readonly string[]; readonly outputs: readonly string[] };
  /** Values that no later step needs. */
  readonly release: readonly string[];
  readonly site: Site;
  /** MACs for one image of the unpruned pass up to here. */
  readonly advanceMacs: number;
}

/**
 * One pass over a batch of images: the unpruned network moves forward from group to group (a moving
 * frontier: nothing before a group is ever computed twice), and at each group its variants run to the end.
 */
export interface SweepPlan {
  readonly steps: readonly PlanStep[];
  /** From the last frontier to the network's outputs: the baseline. */
  readonly baseline: { readonly inputs: readonly string[]; readonly macs: number };
  readonly macs: number;
  /** One full masked pass for every cell, and one for the baseline. */
  readonly naiveMacs: number;
}

export interface PlanOptions {
  /**
   * Channels that the engine's kernels work on at a time: a convolution of 9 channels takes as long as one
   * of 16. Widths are rounded up to it when ways are compared and when a group is narrowed.
   */
  readonly channelBlock: number;
  /** Only these ways (for measuring what each idea brings). Masks are always allowed. */
  readonly ways?: readonly Way[];
}

export function planSweep(
  network: Network,
  map: ChannelMap,
  rankings: readonly Ranking[],
  rows: readonly RowWork[],
  options: PlanOptions,
): SweepPlan {
  const planned = rows
    .flatMap(({ row, removed }) => {
      const ranking = rankings[row];
      if (!ranking || removed.length === 0) return [];
      const region = affectedRegion(network, map, ranking.group);
      return [{ row, removed, site: { network, map, ranking, region } }];
    })
    .sort((a, b) => a.site.region.position - b.site.region.position);

  const frontier = new Frontier(network);
  const steps = planned.map(({ row, removed, site }): PlanStep => {
    const advance = frontier.advance(site.region.boundary);
    const advanceMacs =
      advance.outputs.length > 0 ? macsOf(subnetwork(network, advance.inputs, advance.outputs)) : 0;
    const measuring = cheapestWay(site, removed, options);
    const group = site.ranking.group.id;
    return { row, group, removed, measuring, advance, release: [], site, advanceMacs };
  });
  const last = frontier.advance(network.outputs);
  const baseline = { inputs: last.inputs, macs: macsOf(subnetwork(network, last.inputs, network.outputs)) };
  const cells = rows.reduce((sum, { removed }) => sum + removed.length, 0);
  const macs = steps.reduce((sum, step) => sum + step.advanceMacs + step.measuring.macs, baseline.macs);
  return {
    steps: withReleases(steps, baseline.inputs),
    baseline,
    macs,
    naiveMacs: networkCost(network).macs * (cells + 1),
  };
}

/** Values of the unpruned pass that are known at a point of the plan. */
class Frontier {
  private readonly network: Network;
  private readonly available: Set<string>;

  constructor(network: Network) {
    this.network = network;
    this.available = new Set(network.inputs.map(({ name }) => name));
  }

  /** What has to be computed, and from what, so that `values` are known. */
  advance(values: readonly string[]): PlanStep['advance'] {
    const outputs = values.filter((value) => !this.available.has(value));
    const { inputs } = ancestry(this.network, this.available, outputs);
    for (const value of outputs) this.available.add(value);
    return { inputs, outputs };
  }
}

/** A value is released after the last step that reads it. */
function withReleases(steps: readonly PlanStep[], baselineInputs: readonly string[]): PlanStep[] {
  const later = new Set(baselineInputs);
  const released: PlanStep[] = [];
  for (const step of [...steps].reverse()) {
    const here = [
      ...new Set([...step.advance.inputs, ...step.advance.outputs, ...step.site.region.boundary]),
    ];
    released.push({ ...step, release: here.filter((value) => !later.has(value)) });
    for (const value of here) later.add(value);
  }
  return released.reverse();
}

/** MACs for one image. */
function macsOf(network: Network): number {
  return networkCost(network).macs;
}

/**
 * Chooses among the exact ways to measure a group's ratios the one whose kernels have the least to do. Small
 * ties go to fewer networks: each has to be compiled.
 */
export function cheapestWay(
  site: Site,
  removed: readonly number[],
  { channelBlock, ways }: PlanOptions,
): MeasuringWay {
  const { width } = site.ranking.group;
  // Variants stand where images of a batch would.
  if (takesOneImage(site.network)) {
    const batches = eachAlone(site, removed, channelBlock);
    const macs = batches.reduce((sum, batch) => sum + macsOf(variantNetwork(site, batch)), 0);
    return { way: 'narrow', batches, macs };
  }
  const candidates: { way: Way; batches: VariantBatch[] }[] = [
    { way: 'stacked-masks', batches: [{ width, removed, sums: false }] },
  ];
  if (removed.length > 1 && linearConsumer(site)) {
    candidates.push({ way: 'running-sums', batches: [{ width, removed, sums: true }] });
  }
  const byWidth = new Map<number, number[]>();
  for (const gone of removed) {
    const narrow = widthFor(site, gone, channelBlock);
    byWidth.set(narrow, [...(byWidth.get(narrow) ?? []), gone]);
  }
  if (byWidth.size > 1 || !byWidth.has(width)) {
    const batches = [...byWidth].map(([narrow, some]) => ({ width: narrow, removed: some, sums: false }));
    candidates.push({ way: 'narrow', batches });
  }
  const costed = candidates
    .filter(({ way }) => way === 'stacked-masks' || !ways || ways.includes(way))
    .map((candidate) => {
      const networks = candidate.batches.map((batch) => variantNetwork(site, batch));
      return {
        ...candidate,
        macs: networks.reduce((sum, variants) => sum + macsOf(variants), 0),
        work: networks.reduce((sum, variants) => sum + kernelWork(variants, channelBlock), 0),
      };
    });
  return costed.reduce((best, candidate) => (candidate.work < 0.97 * best.work ? candidate : best));
}

/** Each ratio by a separate network. */
export function eachAlone(site: Site, removed: readonly number[], channelBlock: number): VariantBatch[] {
  return removed.map((gone) => ({
    width: widthFor(site, gone, channelBlock),
    removed: [gone],
    sums: false,
  }));
}

/** What a group is cut to for a variant that removes so many units: as narrow as the engine's block of channels allows. */
function widthFor({ ranking: { group } }: Site, removed: number, block: number): number {
  return Math.min(group.width, Math.ceil((group.width - removed) / block) * block);
}

/** MACs that a kernel could do in the time in which one value is read and written again. */
const MACS_PER_MOVED_VALUE = 64;
/** Steps that variants add; those of the network itself are fused into its convolutions. */
const moving = new Set(['Add', 'Concat', 'Gather', 'Mul']);

/**
 * The MACs that kernels are busy for: channels of every convolution rounded up to the engine's block, and
 * values moved counted by the time they take.
 */
function kernelWork(network: Network, block: number): number {
  const up = (channels: number) => Math.ceil(channels / block) * block;
  return layerCosts(network).reduce((sum, layer, i) => {
    const node = network.nodes[i];
    if (moving.has(layer.op)) return sum + MACS_PER_MOVED_VALUE * sizeOf(layer.outputShape);
    const weight = network.constants.get(node?.inputs[1] ?? '');
    const [out = 1, perGroup = 1] = weight?.dims ?? [];
    const padded = layer.op === 'Conv' && perGroup > 1 ? (up(out) / out) * (up(perGroup) / perGroup) : 1;
    return sum + layer.macs * padded;
  }, 0);
}
