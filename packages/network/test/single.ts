import type { Network } from '../src/index.ts';

/** The same network for one image only, as it is read where a file mixes what several would be. */
export function forOneImage(network: Network): Network {
  const inputs = network.inputs.map((input) => ({
    ...input,
    shape: input.shape.map((extent) => (extent === -1 ? 1 : extent)),
  }));
  return { ...network, inputs };
}
