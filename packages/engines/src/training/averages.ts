import { InputError } from '@espalier/errors';
import { type FloatTensor, fedWith, type Network } from '@espalier/network';
import type { Engine } from '../engine.ts';

/**
 * Averages what a network returns of each batch over all batches, each counting by its images, in double precision.
 *
 * @param names of the outputs that are averaged
 * @param weigh what an output of a batch of so many images is multiplied by
 * @returns as many values an output as it has, whatever its shape
 * @throws {InputError} if there are no images
 */
export async function averagedOutputs(
  engine: Engine,
  network: Network,
  batches: AsyncIterable<FloatTensor>,
  names: readonly string[],
  weigh: (name: string, images: number) => number = () => 1,
): Promise<ReadonlyMap<string, Float64Array>> {
  const means = new Map<string, Float64Array>();
  let images = 0;
  const executable = await engine.compile(network);
  try {
    for await (const batch of batches) {
      const outputs = await executable.run(fedWith(network, batch));
      const [n = 1] = batch.dims;
      images += n;
      for (const name of names) {
        const data = outputs[name]?.data ?? [];
        const mean = means.get(name) ?? new Float64Array(data.length);
        const factor = weigh(name, n);
        data.forEach((value, i) => {
          mean[i] = (mean[i] ?? 0) + (n / images) * (value * factor - (mean[i] ?? 0));
        });
        means.set(name, mean);
      }
    }
  } finally {
    await executable.dispose();
  }
  if (images === 0) throw new InputError('there are no images to measure BatchNorm on');
  return means;
}
