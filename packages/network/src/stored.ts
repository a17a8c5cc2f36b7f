import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './half-precision.ts';
import type { Network } from './network.ts';
import { type StoredType, sizeOf, type Tensor } from './tensor.ts';

interface Storage {
  /** Of one number. */
  readonly bytes: number;
  /** The nearest number that the type has. */
  round(value: number): number;
}

const storages: Readonly<Record<StoredType, Storage>> = {
  bfloat16: { bytes: 2, round: (value) => fromBfloat16(toBfloat16(value)) },
  float16: { bytes: 2, round: (value) => fromFloat16(toFloat16(value)) },
  float64: { bytes: 8, round: (value) => value },
};

/**
 * The network with its weights rounded to the types that its file keeps them in: what a reader of the file gets. The
 * network itself where nothing changes.
 */
export function asStored(network: Network): Network {
  const { constants, stored } = network;
  if (!stored) return network;
  const rounded = [...stored].flatMap(([name, type]): [string, Tensor][] => {
    const tensor = constants.get(name);
    const { round } = storages[type];
    if (!(tensor?.data instanceof Float32Array) || tensor.data.every((value) => round(value) === value))
      return [];
    return [[name, { dims: tensor.dims, data: tensor.data.map(round) }]];
  });
  return rounded.length === 0 ? network : { ...network, constants: new Map([...constants, ...rounded]) };
}

/** What the tensors of a network take in its file, in bytes; by their extents, values need not be there. */
export function storedBytes({ constants, stored }: Pick<Network, 'constants' | 'stored'>): number {
  let bytes = 0;
  for (const [name, { dims, data }] of constants) {
    const type = stored?.get(name);
    bytes += sizeOf(dims) * (type ? storages[type].bytes : data.BYTES_PER_ELEMENT);
  }
  return bytes;
}

/** The network with one more constant, kept in the type of another one beside it. */
export function withConstant(network: Network, name: string, tensor: Tensor, beside: string): Network {
  const type = network.stored?.get(beside);
  return {
    ...network,
    constants: new Map<string, Tensor>(network.constants).set(name, tensor),
    ...(type && network.stored ? { stored: new Map(network.stored).set(name, type) } : {}),
  };
}
