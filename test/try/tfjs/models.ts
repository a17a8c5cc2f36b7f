import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ReadOptions, readNetwork } from '@espalier/formats';
import { imageExtents, inputLayout, type Network, type Preprocessing } from '@espalier/network';

/** What a model needs to be read that its file does not say. */
const reading: Readonly<Record<string, Pick<ReadOptions, 'input' | 'output' | 'set'>>> = JSON.parse(
  await readFile(new URL('./reading.json', import.meta.url), 'utf8'),
);
/** What models take for pixels, where it is no number from 0 to 1. */
const ranges: Readonly<Record<string, readonly string[]>> = JSON.parse(
  await readFile(new URL('./pixels.json', import.meta.url), 'utf8'),
);

type Pixels = Pick<Preprocessing, 'scale' | 'mean' | 'std'>;

const grey = (scale: number, mean: number): Pixels => ({
  ...{ scale, mean: [mean, mean, mean], std: [1, 1, 1] },
});
const UNIT = grey(1 / 255, 0);
const pixels: Readonly<Record<string, Pixels>> = {
  bytes: grey(1, 0),
  signed: grey(1 / 127.5, 1),
  photographs: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
};

/** A model of the folder. */
export interface Model {
  readonly name: string;
  readonly file: string;
  readonly asked: Pick<ReadOptions, 'input' | 'output' | 'set'>;
}

export function askedOf(name: string): Model['asked'] {
  return reading[name] ?? {};
}

export async function modelsIn(folder: string): Promise<Model[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return names.map((each) => {
    const name = path.parse(each).name;
    return { name, file: path.join(folder, each), asked: askedOf(name) };
  });
}

/** The network with what it takes for pixels. */
export async function readWithPixels({ name, file, asked }: Model): Promise<Network> {
  const { network } = await readNetwork(file, asked);
  const [image] = network.inputs;
  const layout = image && inputLayout(image);
  const extents = imageExtents(image, layout);
  // What takes no images is not repaired by them either.
  if (!layout || !extents) return network;
  const { channels, height, width } = extents;
  const [range] = Object.entries(ranges).find(([, names]) => names.includes(name)) ?? [];
  const { scale, mean, std } = pixels[range ?? ''] ?? UNIT;
  const input: Preprocessing = {
    ...{ layout, channels: channels === 1 ? 'gray' : 'RGB', size: [height, width], scale },
    ...{ mean: mean.slice(0, channels), std: std.slice(0, channels) },
  };
  return { ...network, metadata: { input, output: 'logits' } };
}
