import type { FloatTensor, Network } from '@espalier/network';
import type { Optimiser } from './recipe.ts';

/** What a trainer minimises and how; fixed while it lives. */
export interface TrainerOptions {
  /** Images a step. */
  readonly batch: number;
  readonly optimiser: Optimiser;
  /** Largest l2 norm of all gradients together; they are scaled down to it. */
  readonly clipNorm?: number | undefined;
  /** Decay of an exponential moving average of the weights. */
  readonly averaging?: number | undefined;
  /** Learning from another network's outputs. */
  readonly distillation?: { readonly temperature: number; readonly weight: number } | undefined;
}

export interface TrainingBatch {
  /** [batch, c, h, w], normalised and augmented */
  readonly input: FloatTensor;
  /** [batch, classes], each row sums to 1 */
  readonly targets: FloatTensor;
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
