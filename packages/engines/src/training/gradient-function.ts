import { InputError } from '@espalier/errors';
import { constantOf, type FloatTensor, freezeBatchNorm, type Network } from '@espalier/network';
import { endingInLogits } from './logits.ts';

/** The gradients of a network's loss on a batch of images, as it is evaluated: nothing is trained. */
export interface GradientFunction {
  /**
   * Gradients of the mean cross-entropy of the batch, by the name of the constant and in its shape.
   *
   * @throws {Error} if the batch has another size than the function
   */
  run(batch: GradientBatch): Promise<ReadonlyMap<string, FloatTensor>>;
  dispose(): Promise<void>;
}

export interface GradientBatch {
  /** [batch, c, h, w], normalised */
  readonly input: FloatTensor;
  /** [batch, classes], each row sums to 1 */
  readonly targets: FloatTensor;
}

export interface GradientOptions {
  /** The constants by which the loss is differentiated, float32. */
  readonly of: readonly string[];
  /** Images per call. */
  readonly batch: number;
}

/**
 * What an engine differentiates: the network ending in logits, BatchNorm by its running statistics. By those of the
 * batch the loss would not change with the size of a filter that a BatchNorm follows.
 *
 * @throws {InputError} if the network does not classify, or has no such weight
 */
export function evaluatedLogits(network: Network, { of }: GradientOptions): Network {
  for (const name of of) {
    if (!(constantOf(network, name).data instanceof Float32Array)) {
      throw new InputError(`weight "${name}" of network "${network.name}" is not float32`);
    }
  }
  return freezeBatchNorm(endingInLogits(network));
}

/** @throws {Error} for a batch of another size than the one that was asked for */
export function checkBatch({ input }: GradientBatch, { batch }: { readonly batch: number }): void {
  if (input.dims[0] !== batch) {
    throw new Error(`a batch of ${input.dims[0]} images where the gradients are of ${batch}`);
  }
}
