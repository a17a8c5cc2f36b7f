import { InputError } from '@espalier/errors';
import { type GivenFile, type ReadOptions, readNetwork } from '@espalier/formats';
import type { Network } from '@espalier/network';
import { openData } from './bench.ts';
import type { Observer } from './observer.ts';
import type { PrunePlan } from './plan.ts';
import type { Workplace } from './workplace.ts';

/** A model file, how it is read, and how pixels become its input. */
interface ModelFile extends GivenFile {
  readonly preprocessing?: PrunePlan['model']['preprocessing'] | undefined;
  /** What the network is called in messages; null or left out: as its file. */
  readonly name?: string | null;
}

/** Images that it is to be run on. */
interface Images {
  readonly data: NonNullable<PrunePlan['data']>;
  readonly place: Pick<Workplace, 'home' | 'signal'>;
}

/**
 * Reads a model file and passes its warnings on. Where it leaves its size open and nothing says one, that of the images
 * is taken.
 *
 * @param images left out, or null: there are none
 */
export async function readModel(
  { file, preprocessing, name, input, output, set }: ModelFile,
  observer: Observer,
  images: Images | null = null,
): Promise<Network> {
  const asked = { input, output, set, ...(preprocessing ? { preprocessing } : {}) };
  const { network, warnings } = await readSized(file, asked, observer, images);
  for (const text of warnings) observer.warning?.(text);
  return name ? { ...network, name } : network;
}

async function readSized(file: string, asked: ReadOptions, observer: Observer, images: Images | null) {
  try {
    return await readNetwork(file, asked);
  } catch (error) {
    const isOpen = error instanceof InputError && error.field === 'input' && !asked.input?.length;
    const size = isOpen && images ? await sizeOf(images, observer) : null;
    if (!size) throw error;
    const read = await readNetwork(file, { ...asked, size });
    const note = `the file leaves its size open: using the images' ${size.join(' x ')} pixels (height x width)`;
    return { ...read, warnings: [...read.warnings, note] };
  }
}

/** Null if they differ. */
async function sizeOf({ data, place }: Images, { progress }: Observer): Promise<[number, number] | null> {
  const { image, close } = await openData(data, place, progress ? { progress } : {});
  await close();
  return image && [image.height, image.width];
}
