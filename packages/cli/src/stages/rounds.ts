import { samplePermutation } from '@espalier/datasets';
import { type EpochReport, evaluate, type Recipe, recipeHash, type Training } from '@espalier/engines';
import type { Network } from '@espalier/network';
import { type Analysis, type PrunedInRounds, pruneInRounds, type Round } from '@espalier/pruning';
import type { ComputeOptions, SweepOptions } from '../options.ts';
import { percent, plural } from '../render/units.ts';
import type { Context } from '../terminal.ts';
import { analyse } from './analysis.ts';
import type { Bench } from './bench.ts';
import { runSampling } from './sampling.ts';
import type { Goal } from './target.ts';
import { runTraining } from './training.ts';

export interface RoundsSetup {
  readonly analysis: Analysis;
  readonly goal: Goal;
  readonly rounds: number;
  /** How a round's cut is trained before the next one samples it. */
  readonly recovery: Recipe | undefined;
}

type Options = ComputeOptions & SweepOptions & { readonly checkpointEvery: number };

/** How the network was trained between the rounds. */
export interface RecoveryReport {
  readonly recipe: Recipe;
  readonly recipeHash: string;
  readonly trainings: readonly {
    /** The one that it followed. */
    readonly round: number;
    readonly steps: number;
    readonly epochs: readonly EpochReport[];
  }[];
}

export interface RoundsResult extends PrunedInRounds {
  readonly recovery: RecoveryReport | null;
  /** Cells taken from stored units, of all rounds. */
  readonly cached: number;
  /** To be forgotten when the result is safe: until then a command that is repeated goes on behind them. */
  readonly trainings: readonly Training[];
}

/** Prunes in rounds, with progress lines and a line a round. */
export async function runRounds(
  bench: Bench,
  { analysis, goal, rounds, recovery }: RoundsSetup,
  options: Options,
  context: Context,
): Promise<RoundsResult> {
  const { network, dataset, engine } = bench;
  const { seed, samples, checkpointEvery } = options;
  const trained: { round: number; training: Training }[] = [];
  let cached = 0;
  const found = await pruneInRounds(
    { network, analysis, ...goal, rounds },
    {
      analyse: (left) => analyse({ ...bench, network: left }, options, context),
      async sample(left, ranked, target) {
        const sampled = await runSampling({ ...bench, network: left, analysis: ranked }, options, context, [
          target,
        ]);
        cached += sampled.cached;
        return sampled.run;
      },
      score(left) {
        const indices = samplePermutation(dataset.splits.search.n, seed).subarray(0, samples);
        return evaluate(engine, left, dataset, 'search', { indices, signal: context.signal });
      },
      ...(recovery ? { recover } : {}),
      onRound: (round) => context.terminal.say(roundLine(round, rounds, goal)),
    },
  );
  return {
    ...found,
    recovery: recovery
      ? {
          recipe: recovery,
          recipeHash: recipeHash(recovery),
          trainings: trained.map(({ round, training: { steps, epochs } }) => ({ round, steps, epochs })),
        }
      : null,
    cached,
    trainings: trained.map(({ training }) => training),
  };

  async function recover(left: Network, round: number): Promise<Network> {
    if (!recovery) return left;
    const label = `recovering from round ${round}`;
    const setup = { recipe: recovery, seed, checkpointEvery };
    const training = await runTraining({ ...bench, network: left }, setup, label, context);
    trained.push({ round, training });
    return training.network;
  }
}

function roundLine({ round, achieved, before, after }: Round, rounds: number, { target }: Goal): string {
  const metric = target.metric === 'macs' ? 'MACs' : 'params';
  return `round ${round} of ${rounds}: ${percent(achieved[target.metric])} of the ${metric} saved, top-1 ${percent(before.top1, before.n)} before and ${percent(after.top1, after.n)} after the cut on ${plural(after.n, 'search image')}`;
}
