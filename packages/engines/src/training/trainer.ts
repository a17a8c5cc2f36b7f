import type { FloatTensor, Network } from '@espalier/network';
import type { GradientBatch } from './gradient-function.ts';
import type { Recipe } from './recipe.ts';

/** What a trainer minimises and how; fixed while it lives. */
export type TrainerOptions = Readonly<
  Pick<Recipe, 'batch' | 'optimiser' | 'clipNorm' | 'averaging' | 'distillation'>
>;

/** Its images are augmented. */
export interface TrainingBatch extends GradientBatch {
  /** [batch, classes]: softmax of the teacher's logits at the temperature. With distillation only. */
  readonly teacher?: FloatTensor | undefined;
  readonly learningRate: number;
}

export interface StepResult {
  /** Mean over the batch, nats, before the step; with distillation the weighted sum. */
  readonly loss: number;
  /** [batch, classes], before the step */
  readonly logits: Float32Array;
}

/** Everything that a step changes, as flat vectors in the order of `parameterLayout`. */
export interface TrainerState {
  readonly step: number;
  readonly vectors: Readonly<Record<string, Float32Array>>;
}

/** Changes a network's weights, a batch at a time. The engines' trainers agree up to float tolerance. */
export interface Trainer {
  /**
   * One step of the optimiser. Where the loss is not finite nothing changes.
   *
   * @throws {Error} if the batch has another size than the trainer.
   */
  step(batch: TrainingBatch): Promise<StepResult>;
  /** A copy. */
  state(): TrainerState;
  restore(state: TrainerState): void;
  /** The network as it is now; the averaged one where weights are averaged and it is asked for. */
  network(which?: 'current' | 'averaged'): Network;
  dispose(): Promise<void>;
}

/** BatchNorm's running statistics are `MOMENTUM` old ones and the rest those of the batch. */
export const STATISTICS_MOMENTUM = 0.9;
