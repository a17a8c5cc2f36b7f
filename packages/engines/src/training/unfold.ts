import { InputError } from '@espalier/errors';
import {
  type ChannelStatistics,
  type FloatTensor,
  inferShapes,
  type Network,
  type Node,
  outputOf,
  unfoldable,
  unfoldBatchNorm,
} from '@espalier/network';
import type { Engine } from '../engine.ts';

/**
 * Puts BatchNorm back behind convolutions that it was folded into, with statistics measured on training
 * images: the network computes what it did, but trains like one with BatchNorm.
 *
 * @throws {InputError} where every convolution has its BatchNorm.
 */
export async function restoreBatchNorm(
  network: Network,
  engine: Engine,
  batches: AsyncIterable<FloatTensor>,
): Promise<Network> {
  const convolutions = unfoldable(network);
  if (convolutions.length === 0) {
    throw new InputError(`network "${network.name}" has no convolution without BatchNorm`);
  }
  const executable = await engine.compile(exposeMoments(network, convolutions));
  const sums = new Map(convolutions.map(({ name }) => [name, new Moments()]));
  try {
    const input = network.inputs[0]?.name ?? '';
    for await (const batch of batches) {
      const outputs = await executable.run({ [input]: batch });
      for (const [name, moments] of sums) {
        moments.add(outputs[momentName(name, 1)], outputs[momentName(name, 2)], batch.dims[0] ?? 1);
      }
    }
  } finally {
    await executable.dispose();
  }
  return unfoldBatchNorm(network, new Map([...sums].map(([name, moments]) => [name, moments.statistics()])));
}

function momentName(node: string, power: 1 | 2): string {
  return `${node}/moment-${power}`;
}

/** The network with the means of each convolution's outputs and of their squares as further outputs. */
function exposeMoments(network: Network, convolutions: readonly Node[]): Network {
  const shapes = inferShapes(network, 1);
  const average = { axes: [0, 2, 3], keepdims: 1 };
  const extra = convolutions.flatMap((conv): Node[] => {
    const value = outputOf(conv);
    if (shapes.get(value)?.length !== 4) throw new Error(`"${value}" is not an image`);
    const step = (op: string, name: string, inputs: string[], attributes: Node['attributes']): Node => ({
      name,
      op,
      inputs,
      outputs: [name],
      attributes,
    });
    const square = `${conv.name}/square`;
    return [
      step('ReduceMean', momentName(conv.name, 1), [value], average),
      step('Mul', square, [value, value], {}),
      step('ReduceMean', momentName(conv.name, 2), [square], average),
    ];
  });
  const outputs = convolutions.flatMap(({ name }) => [momentName(name, 1), momentName(name, 2)]);
  return { ...network, nodes: [...network.nodes, ...extra], outputs: [...network.outputs, ...outputs] };
}

/** Averages of values and of their squares over batches, in double precision. */
class Moments {
  private first: Float64Array | undefined;
  private second: Float64Array | undefined;
  private images = 0;

  add(first: FloatTensor | undefined, second: FloatTensor | undefined, images: number): void {
    if (!first || !second) throw new Error('a moment is missing');
    this.first ??= new Float64Array(first.data.length);
    this.second ??= new Float64Array(first.data.length);
    this.images += images;
    const share = images / this.images;
    for (const [mean, batch] of [[this.first, first] as const, [this.second, second] as const]) {
      batch.data.forEach((value, c) => {
        mean[c] = (mean[c] ?? 0) + share * (value - (mean[c] ?? 0));
      });
    }
  }

  statistics(): ChannelStatistics {
    const [first, second] = [this.first, this.second];
    if (!first || !second) throw new InputError('there are no images to measure BatchNorm on');
    return {
      mean: Float32Array.from(first),
      variance: Float32Array.from(second, (square, c) => Math.max(0, square - (first[c] ?? 0) ** 2)),
    };
  }
}
