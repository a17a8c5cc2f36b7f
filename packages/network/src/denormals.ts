import type { Network } from './network.ts';
import type { Tensor } from './tensor.ts';

/** 2^-126, the smallest normal float32. What lies below it processors compute many times as slowly as other numbers. */
const SMALLEST_NORMAL = 2 ** -126;

/**
 * Weights closer to 0 than {@link SMALLEST_NORMAL} are 0: trainings with weight decay leave such, and no output can
 * tell them from 0. The network itself where it has none.
 */
export function withoutDenormals(network: Network): Network {
  let isChanged = false;
  const constants = new Map(
    [...network.constants].map(([name, tensor]) => {
      const flushed = flushedOf(tensor);
      if (flushed !== tensor) isChanged = true;
      return [name, flushed] as const;
    }),
  );
  return isChanged ? { ...network, constants } : network;
}

function flushedOf(tensor: Tensor): Tensor {
  const { dims, data } = tensor;
  if (!(data instanceof Float32Array) || !data.some(isDenormal)) return tensor;
  return { dims, data: data.map((value) => (isDenormal(value) ? 0 : value)) };
}

function isDenormal(value: number): boolean {
  return value !== 0 && Math.abs(value) < SMALLEST_NORMAL;
}
