import { type ImageShape, notPacked, type Progress, packDataset, type SplitName } from '@espalier/datasets';
import { openData, terminalObserver } from '../computing.ts';
import { MisuseError } from '../failure.ts';
import type { PackOptions } from '../options.ts';
import type { Context } from '../terminal.ts';

export interface Written {
  /** Of the file. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface Packed extends Written {
  readonly file: string;
  /** Of the data set in it. */
  readonly hash: string;
  readonly classes: readonly string[];
  readonly image: ImageShape;
  readonly images: Readonly<Record<SplitName, number>>;
}

export function checkPackOptions({ size, resize }: PackOptions): void {
  if (resize !== undefined && size === undefined) throw new MisuseError('--resize goes with --size');
}

/** Packs a data set into a file, with progress. */
export async function packInto(
  file: string,
  spec: string,
  { size, resize, channels, valAs }: PackOptions,
  context: Context,
): Promise<Written> {
  const { signal, terminal } = context;
  const observer = terminalObserver(context);
  const onProgress = (at: Progress) => observer.progress?.({ ...at, unit: 'images' });
  const dataset = await openData({ dataset: spec, ...(valAs ? { valAs } : {}) }, context, observer);
  try {
    const missing = notPacked(dataset);
    if (missing !== null) observer.warning?.(missing);
    const wanted = { ...size, resize, ...(channels === undefined ? {} : { channels }) };
    return await packDataset(dataset, file, { size: wanted, onProgress, signal });
  } finally {
    await dataset.close();
    terminal.endProgress();
  }
}

/** Reads a packed file back, all of it. */
export async function describePacked(file: string, written: Written, context: Context): Promise<Packed> {
  const { hash, classes, image, splits, close } = await openData({ dataset: file }, context);
  await close();
  if (!image) throw new Error(`${file} was packed, but its images have no size`);
  const { train, search, test } = splits;
  return {
    ...{ file, ...written, hash, classes, image },
    images: { train: train.n, search: search.n, test: test.n },
  };
}
