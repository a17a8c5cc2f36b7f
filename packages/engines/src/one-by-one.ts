import {
  type FloatTensor,
  floatTensor,
  type Network,
  type Shape,
  sizeOf,
  takesOneImage,
} from '@espalier/network';
import type { Executable } from './engine.ts';

/**
 * An executable that also takes several images where the network takes one: it runs once for each, and the outputs of
 * all lie one after the other along their first axis. Inputs that are there once are the same for all images. Of a
 * network that takes any number of images it is the executable itself.
 */
export function oneByOne(network: Network, executable: Executable): Executable {
  if (!takesOneImage(network)) return executable;
  const declared = new Map(network.inputs.map(({ name, shape }) => [name, shape]));
  return {
    async run(inputs) {
      const counts = Object.entries(inputs).map(([name, { dims }]) => timesOf(dims, declared.get(name)));
      const images = Math.max(1, ...counts);
      // What does not fit is told by the executable.
      if (images === 1 || counts.some((count) => count !== 1 && count !== images))
        return executable.run(inputs);
      const parts: Record<string, FloatTensor>[] = [];
      for (let image = 0; image < images; image++) {
        const own = Object.entries(inputs).map(([name, tensor]) => [
          name,
          partOf(tensor, image, declared.get(name) ?? tensor.dims),
        ]);
        parts.push(await executable.run(Object.fromEntries(own)));
      }
      return Object.fromEntries(
        network.outputs.map((name) => [name, joined(parts.flatMap((part) => part[name] ?? []))]),
      );
    },
    dispose: () => executable.dispose(),
  };
}

/** How many of the declared shape lie one after the other; 0 where it is no whole number of them. */
function timesOf(dims: Shape, declared: Shape | undefined): number {
  if (!declared) return 0;
  const [own, shape] = declared.length === 0 ? [dims, [1]] : [dims, declared];
  const fits = own.length === shape.length && own.slice(1).every((extent, i) => extent === shape[i + 1]);
  const times = fits ? (own[0] ?? 0) / (shape[0] ?? 1) : `${dims}` === `${declared}` ? 1 : 0;
  return Number.isInteger(times) ? times : 0;
}

function partOf(tensor: FloatTensor, image: number, declared: Shape): FloatTensor {
  const size = sizeOf(declared);
  if (tensor.data.length === size) return floatTensor(declared, tensor.data);
  return floatTensor(declared, tensor.data.subarray(image * size, (image + 1) * size));
}

/** Of one shape, along their first axis; single numbers become a list. */
function joined(parts: readonly FloatTensor[]): FloatTensor {
  const [
    {
      dims: [first = 1, ...rest],
    } = { dims: [] },
  ] = parts;
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return floatTensor([first * parts.length, ...rest], data);
}
