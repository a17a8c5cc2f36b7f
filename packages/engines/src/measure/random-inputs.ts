import { seededRandom } from '@espalier/datasets';
import { type FloatTensor, floatTensor, type Network, sizeOf } from '@espalier/network';

/** Standard normal values for every input, and 0 to 127 where whole numbers are wanted; -1 taken for the batch. */
export function randomInputs(network: Network, batch: number, seed = 0): Record<string, FloatTensor> {
  const random = seededRandom(seed);
  // Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958; 1 - u is never 0.
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Object.fromEntries(
    network.inputs.map(({ name, shape, type = 'float32' }) => {
      const dims = shape.map((extent) => (extent === -1 ? batch : extent));
      const value = type.startsWith('float')
        ? normal
        : () => Math.floor(random() * (type === 'bool' ? 2 : 128));
      return [name, floatTensor(dims, Float32Array.from({ length: sizeOf(dims) }, value))];
    }),
  );
}
