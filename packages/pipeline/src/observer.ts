import type { EpochReport, Recipe, TrainingRequest } from '@espalier/engines';
import type { Round } from '@espalier/pruning';
import type { Quality, Tested } from './quality.ts';
import type { Stage } from './stages.ts';

/** How far something is. */
export interface Progress {
  /** For a person: `evaluating the base`. Another one is a new beginning. */
  readonly what: string;
  /** What is counted: `images`. */
  readonly unit: string;
  readonly done: number;
  readonly total: number;
}

/** A training that a pruning consists of. */
export interface TrainingPhase {
  /** For a person: `fine-tuning`. */
  readonly what: string;
  readonly recipe: Recipe;
  /** The round that it follows; null for the training after the last cut. */
  readonly round: number | null;
}

/** Hears what a pruning does while it works. Whoever leaves something out does not want to know. */
export interface Observer {
  readonly stage?: (stage: Stage) => void;
  readonly progress?: (progress: Progress) => void;
  /** What the network takes by a device profile, and the least that pruning within the limits can leave of it. */
  readonly reach?: (latency: { readonly baseMs: number; readonly leastMs: number }) => void;
  /** Something worth knowing that ends nothing: labels of other names, a usual preprocessing. */
  readonly warning?: (text: string) => void;
  /**
   * What a training that is about to begin is to make better, on the test split, and the network as given where that is
   * tested, too.
   */
  readonly repaired?: (found: {
    readonly base: Quality | null;
    readonly pruned: Tested;
    readonly repaired: Tested;
  }) => void;
  readonly round?: (round: Round, of: number) => void;
  readonly epoch?: (epoch: EpochReport, training: TrainingPhase) => void;
  /** A training goes on at a step of so many, with these epochs after it. */
  readonly resumed?: (
    step: number,
    steps: number,
    epochs: readonly EpochReport[],
    training: TrainingPhase,
  ) => void;
  readonly checkpoint?: NonNullable<TrainingRequest['onCheckpoint']>;
}

/** Hands counts on as progress. */
export function counting({ progress }: Observer, what: string, unit = 'images') {
  return (at: { readonly done: number; readonly total: number }) =>
    progress?.({ what, unit, done: at.done, total: at.total });
}
