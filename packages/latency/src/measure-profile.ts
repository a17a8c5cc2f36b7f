import { type Engine, fittingRepeats, measure, speedup, type Timed } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { type ChannelMap, channelMap, type Network, networkHash, prunableGroups } from '@espalier/network';
import { conditionsOf } from './conditions.ts';
import { fitProfile, type MeasuredStructure } from './fit-profile.ts';
import { layersHash } from './identity.ts';
import { openJournal, type StructureTimes } from './journal.ts';
import { latencyModel } from './latency-model.ts';
import { timedLayers } from './layers.ts';
import type { Conditions, DeviceProfile } from './profile.ts';
import { quietest } from './quietest.ts';
import { asInQuietTurns } from './references.ts';
import { drawStructures, narrowed } from './structures.ts';

/** Structures that times are found by, and those that only say how good they are. */
const STRUCTURES = 40;
const HELD_OUT = 10;
/** Structures that are compiled at a time, at most: as many each time, as all of them share the caches. */
const TOGETHER = 6;
/** Timed runs by which nodes tell their time: as many as fit. */
const NODE_RUNS = { fewest: 15, most: 400, milliseconds: 400 };

export interface ProfileRequest {
  readonly network: Network;
  readonly engine: Engine;
  /** What a person calls the device. Default: its processor. */
  readonly device?: string | undefined;
  /** Images per run. Default 1. */
  readonly batch?: number | undefined;
  /** Structures that times are found by. Default 40. */
  readonly structures?: number | undefined;
  /** Timed runs of each. Default: as many as fit into three seconds for some structures together. */
  readonly repeats?: number | undefined;
  readonly seed?: number | undefined;
  /** Where to keep what is measured, so that a profile that was stopped goes on. */
  readonly journal: string;
  readonly signal?: AbortSignal | undefined;
  /** Counts structures. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

/**
 * Measures on this machine what a network and its pruned structures take, and finds from it what each kind of layer
 * takes at which widths. Ten further structures say how good the prediction is.
 *
 * @throws {InputError} where nothing of the network can be pruned, and for an engine that cannot tell the time of nodes
 */
export async function profileDevice(request: ProfileRequest): Promise<DeviceProfile> {
  const { network, engine, batch = 1, structures = STRUCTURES, seed = 0, onProgress } = request;
  const map = channelMap(network);
  const groups = prunableGroups(map);
  if (groups.length === 0) {
    throw new InputError(`no group of "${network.name}" can be pruned: there is nothing to profile`, 'model');
  }
  if (structures < 2)
    throw new InputError(`structures ${structures}: give a whole number from 2`, 'structures');
  const conditions = conditionsOf(engine, batch, request.device);
  const widths = drawStructures(groups, structures + HELD_OUT, seed);
  const references = ['network', 'smallest'];
  const settings = { network: networkHash(network), conditions, widths, references };
  const journal = await openJournal(request.journal, settings);
  const together = Math.ceil(widths.length / Math.ceil(widths.length / TOGETHER));
  for (let from = journal.measured.length; from < widths.length; from = journal.measured.length) {
    onProgress?.({ done: from, total: widths.length });
    const [smallest = network, ...networks] = [widths[1] ?? [], ...widths.slice(from, from + together)].map(
      (kept) => narrowed(network, map, groups, kept),
    );
    const measureOnce = () => measureTogether({ network, smallest }, networks, request);
    await journal.add(await quietest(journal.measured, measureOnce));
  }
  onProgress?.({ done: widths.length, total: widths.length });
  const measured = journal.measured.map(({ nodes, ...times }, i) => {
    const layers = timedLayers(narrowed(network, map, groups, widths[i] ?? []));
    return { ...times, ...layers, nodes: new Map(Object.entries(nodes)) };
  });
  return { ...conclude({ network, map, measured, widths, structures }), ...conditions };
}

/** Beside the network as given, twice, and the smallest structure: what the machine did meanwhile is known by them. */
async function measureTogether(
  { network, smallest }: { readonly network: Network; readonly smallest: Network },
  networks: readonly Network[],
  { engine, batch = 1, repeats, signal }: ProfileRequest,
): Promise<StructureTimes[]> {
  const subjects = [network, network, smallest, ...networks].map((each) => ({
    network: each,
    engine,
    batch,
  }));
  const [base, again, least, ...timed] = await measure(subjects, { repeats, signal });
  if (!base || !again || !least) throw new Error('nothing was measured');
  const times: StructureTimes[] = [];
  for (const [i, each] of networks.entries()) {
    signal?.throwIfAborted();
    const runs = fittingRepeats(medianOf(timed[i]), NODE_RUNS);
    const nodes = await engine.nodeTimes(each, batch, runs);
    if (!nodes) {
      throw new InputError(
        `${engine.description} does not report the time of single layers; profile with onnxruntime`,
        'engine',
      );
    }
    times.push({
      milliseconds: medianOf(timed[i]),
      baseMs: base.latencyMs.p50,
      smallestMs: least.latencyMs.p50,
      check: speedup(again, base),
      nodes: Object.fromEntries(nodes),
    });
  }
  return times;
}

function medianOf(timed: Timed | undefined): number {
  if (!timed) throw new Error('a structure was not measured');
  return timed.latencyMs.p50;
}

interface Measured {
  readonly network: Network;
  readonly map: ChannelMap;
  readonly measured: readonly (MeasuredStructure & Pick<StructureTimes, 'baseMs' | 'smallestMs' | 'check'>)[];
  /** Units kept of each prunable group, by structure. */
  readonly widths: readonly (readonly number[])[];
  /** Those that times are found by; the rest is held out. */
  readonly structures: number;
}

function conclude({
  network,
  map,
  measured: raw,
  widths,
  structures,
}: Measured): Omit<DeviceProfile, keyof Conditions> {
  const baseMs = middle(raw.map((one) => one.baseMs));
  const smallestMs = middle(raw.map((one) => one.smallestMs));
  const measured = raw.map((one) => ({
    ...one,
    milliseconds: asInQuietTurns(one, { baseMs, smallestMs }),
  }));
  const named = { name: network.name, hash: networkHash(network), layers: layersHash(network) };
  const found = { ...fitProfile(measured.slice(0, structures)), network: named };
  const model = latencyModel(found, network, map);
  const heldOut = measured.slice(structures).map(({ milliseconds }, i) => ({
    predictedMs: model.latency(widths[structures + i] ?? []),
    measuredMs: milliseconds,
  }));
  const errors = heldOut.map(({ predictedMs, measuredMs }) => Math.abs(predictedMs / measuredMs - 1));
  const checks = measured.map(({ check }) => check);
  return {
    ...{ format: 'espalier-profile', version: 2 },
    measuredAt: new Date().toISOString(),
    ...{ baseMs, smallestMs },
    ...found,
    structures,
    error: { median: middle(errors), worst: Math.max(...errors), structures: heldOut },
    check: {
      ratio: middle(checks.map(({ ratio }) => ratio)),
      low: middle(checks.map(({ low }) => low)),
      high: middle(checks.map(({ high }) => high)),
    },
  };
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? Number.NaN) + (sorted[Math.ceil(at)] ?? Number.NaN)) / 2;
}
