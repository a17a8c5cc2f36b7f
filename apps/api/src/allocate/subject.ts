import { readFile } from 'node:fs/promises';
import { InputError } from '@espalier/errors';
import { readNetwork } from '@espalier/formats';
import type { Network } from '@espalier/network';
import { type Analysis, analyse, dropSamples, Explorer, findCriterion } from '@espalier/pruning';
import { Kept } from './kept.ts';
import type { Search, Subject } from './task.ts';

/** A network as it was sampled. Its weights have their dimensions, and no values. */
export interface Known {
  readonly network: Network;
  readonly analysis: Analysis;
  /** Whether the scores of units are known, and not their order alone. */
  readonly hasScores: boolean;
  /** By limits and seed: what they found so far. */
  readonly explorers: Kept<Explorer>;
}

const SUBJECTS = 4;
const EXPLORERS = 8;
const known = new Kept<Known>(SUBJECTS);

export function knownSubject(subject: Subject): Promise<Known> {
  return known.get(subject.key, async () => {
    const { network, analysis, hasScores } = await readSubject(subject);
    const bare = [...network.constants].map(([name, tensor]) => {
      const isWeight = analysis.map.axes.has(name);
      return [name, isWeight ? { dims: tensor.dims, data: new Float32Array(0) } : tensor] as const;
    });
    const left = { ...network, constants: new Map(bare) };
    return { network: left, analysis, hasScores, explorers: new Kept<Explorer>(EXPLORERS) };
  });
}

export function explorerOf({ analysis, explorers }: Known, subject: Subject, search: Search) {
  const { limits, seed } = search;
  return explorers.get(JSON.stringify([limits, seed]), () => {
    return new Explorer(analysis, { limits, seed, samples: dropSamples(subject.sampled) });
  });
}

/**
 * @throws {InputError} for a network that cannot be read, has other groups than those that were sampled, or a layer that
 * the profile does not know
 */
export async function readSubject(subject: Subject): Promise<Omit<Known, 'explorers'>> {
  const { file, name, metadata, readAs, groups } = subject;
  const read = await readNetwork(file, {
    ...readAs,
    alone: true,
    ...(metadata ? { preprocessing: metadata } : {}),
  });
  const network = { ...read.network, name };
  const { analysis, hasScores } = await ranked(network, subject);
  const found = analysis.rankings.map(({ group }) => group.id);
  if (found.length !== groups.length || found.some((id, g) => id !== groups[g])) {
    throw new InputError(
      `the sampling has other channel groups than "${name}": sample it again`,
      'samplingRun',
    );
  }
  return { network, analysis, hasScores };
}

async function ranked(network: Network, subject: Subject) {
  const { criterion, seed, allowInexact, profile } = subject;
  const order = await orderOf(subject);
  const by = { seed, allowInexact, ...(profile ? { profile } : {}) };
  if (goesByWeights(criterion)) {
    const analysis = await analyse(network, { criterion, ...by });
    const isSame = analysis.rankings.every((ranking, g) => {
      return order === null || ranking.order.every((unit, place) => unit === order[g]?.[place]);
    });
    if (isSame) return { analysis, hasScores: true };
  }
  if (order === null) {
    throw new InputError(
      `criterion ${criterion} ranks units by images, and their order was not kept: sample it again`,
      'samplingRun',
    );
  }
  // Whatever it is called elsewhere, the order is what it says.
  return { analysis: await analyse(network, { criterion: 'l1', ...by, order }), hasScores: false };
}

function goesByWeights(criterion: string): boolean {
  try {
    return findCriterion(criterion).evidence === undefined;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

async function orderOf({ order }: Subject): Promise<readonly (readonly number[])[] | null> {
  if (order === null || !('share' in order)) return order;
  return JSON.parse(await readFile(order.share, 'utf8')).order ?? null;
}
