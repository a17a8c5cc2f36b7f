import { stat } from 'node:fs/promises';
import { InputError, makeHome } from '@espalier/errors';
import { cacheFolder, type Dataset, type OpenOptions } from './dataset.ts';
import { openFolder } from './folder/folder.ts';
import { removeAbandoned } from './image-file.ts';
import { PACKED_EXTENSION } from './packed/header.ts';
import { openPacked } from './packed/open.ts';
import { cifar10 } from './sources/cifar10.ts';
import { fashionMnist, mnist } from './sources/mnist.ts';
import type { Source } from './sources/source.ts';
import { openStored } from './stored.ts';

const KNOWN = new Map<string, (home: string) => Source | Promise<Source>>([
  ['cifar10', cifar10],
  ['mnist', mnist],
  ['fashion-mnist', fashionMnist],
]);

/** What `openDataset` knows by name. */
export const KNOWN_DATASETS: readonly string[] = [...KNOWN.keys()];

/**
 * Opens a data set by name, or a folder of images or a packed data set by its path. The first time this decodes
 * or reads all images and fills a cache; later it takes a fraction of a second.
 *
 * @param spec `cifar10`, `mnist`, `fashion-mnist` or a path
 * @throws {InputError} if there is no such data set or it cannot be read: one line that says what to do.
 */
export async function openDataset(spec: string, options: OpenOptions): Promise<Dataset> {
  const known = KNOWN.get(spec);
  const entry = known ? null : await stat(spec).catch(() => null);
  if (options.valAs !== undefined && (known || entry?.isFile())) {
    throw new InputError(
      `${spec} has its splits: splits can only be chosen for a folder without test/`,
      'valAs',
    );
  }
  if (known || entry?.isDirectory() || entry?.isFile()) {
    makeHome(options.home);
    await removeAbandoned(cacheFolder(options.home));
    if (known) return openStored(await known(options.home), options);
    return entry?.isDirectory() ? openFolder(spec, options) : openPacked(spec, options);
  }
  if (spec.endsWith(PACKED_EXTENSION)) throw new InputError(`there is no file ${spec}`, 'dataset');
  if (/[/\\]|^\.|^~/.test(spec)) throw new InputError(`there is no folder ${spec}`, 'dataset');
  throw new InputError(
    `there is no data set '${spec}': known are ${KNOWN_DATASETS.join(', ')}; ` +
      'a path to a folder of images or to a packed data set works too',
    'dataset',
  );
}
