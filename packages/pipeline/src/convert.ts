import { compareGraph, misfitOf, type OutputDifference } from '@espalier/engines';
import { firstLineOf, InputError } from '@espalier/errors';
import { convertNetwork, type GivenFile } from '@espalier/formats';
import { asStored, type Network } from '@espalier/network';
import type { Observer } from './observer.ts';

/** What became of a model that was written in another format. */
export interface Conversion {
  /** Of all files together. */
  readonly bytes: number;
  /**
   * The outputs of the model in TensorFlow.js beside those in ONNX Runtime, on a random image; null: the network begins or
   * ends inside of the model, and was not compared.
   */
  readonly outputs: readonly OutputDifference[] | null;
}

/**
 * Writes a network in another format than it came in, once both sides give the same outputs: TensorFlow.js runs the one,
 * ONNX Runtime the other.
 *
 * @param given the file that it came in
 * @throws {InputError} for what has no counterpart there, and where the outputs differ: nothing is written then
 */
export async function convertModel(
  given: GivenFile,
  path: string,
  network: Network,
  { warning }: Observer,
): Promise<Conversion> {
  const converted = await convertNetwork(path, network, given);
  const outputs = await compared(() => compareGraph(converted.model, asStored(network), converted.set));
  const [wrong] = outputs?.flatMap((each) => misfitOf(each) ?? []) ?? [];
  if (wrong !== undefined)
    throw new InputError(
      `the model in TensorFlow.js is not the network in ONNX: ${wrong}; nothing is written`,
    );
  for (const note of converted.notes) warning?.(note);
  return { bytes: await converted.write(), outputs };
}

async function compared<T>(compare: () => Promise<T>): Promise<T> {
  try {
    return await compare();
  } catch (error) {
    throw new InputError(`the model does not run: ${firstLineOf(error)}; nothing is written`);
  }
}
