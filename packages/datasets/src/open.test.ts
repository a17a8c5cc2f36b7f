import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@espalier/errors';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { openDataset } from './open.ts';

describe('openDataset', () => {
  it('lists the names it knows', async () => {
    const opening = openDataset('cifar100', { home: temporaryFolder() });
    await expect(opening).rejects.toThrow(
      new InputError(
        "there is no data set 'cifar100': known are cifar10, mnist, fashion-mnist; " +
          'a path to a folder of images or to a packed data set works too',
        'dataset',
      ),
    );
  });

  it.each(['./no/such/folder', '../nothing', '/no/such/folder'])('misses the folder %s', async (path) => {
    const opening = openDataset(path, { home: temporaryFolder() });
    await expect(opening).rejects.toThrow(new InputError(`there is no folder ${path}`, 'dataset'));
  });

  it('misses a packed file', async () => {
    const opening = openDataset('./no/birds.espalier-data', { home: temporaryFolder() });
    await expect(opening).rejects.toThrow(
      new InputError('there is no file ./no/birds.espalier-data', 'dataset'),
    );
  });

  it('does not take any file', async () => {
    const file = join(temporaryFolder(), 'images.zip');
    writeFileSync(file, '');
    await expect(openDataset(file, { home: temporaryFolder() })).rejects.toThrow(
      new InputError(
        `${file} is not a packed data set: pack a folder of images first, or zip it for a platform`,
      ),
    );
  });
});
