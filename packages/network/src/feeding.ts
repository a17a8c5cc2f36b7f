import type { Network } from './network.ts';
import { type FloatTensor, floatTensor, sizeOf } from './tensor.ts';

/**
 * Whether the network is right for one image only: no input leaves the batch open. It mixes what several images would
 * be, so whoever has many of them runs it once for each.
 */
export function takesOneImage({ inputs }: Pick<Network, 'inputs'>): boolean {
  return inputs.length > 0 && inputs.every(({ shape }) => !shape.includes(-1));
}

/**
 * What a network is fed with: images to its first input, and zeros to all others, which is what a state begins with.
 *
 * @param images [n, ...], as the first input takes them
 * @returns by the name of the input
 */
export function fedWith(
  { inputs }: Pick<Network, 'inputs'>,
  images: FloatTensor,
): Record<string, FloatTensor> {
  const [first, ...states] = inputs;
  const n = images.dims[0] ?? 1;
  const zeros = states.map(({ name, shape }): [string, FloatTensor] => {
    const dims = shape.map((extent) => (extent === -1 ? n : extent));
    return [name, floatTensor(dims, new Float32Array(sizeOf(dims)))];
  });
  return { [first?.name ?? '']: images, ...Object.fromEntries(zeros) };
}
