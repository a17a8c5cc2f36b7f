import { freemem } from 'node:os';
import { expect, test } from 'vitest';
import { NetworkBuilder } from '../test/builder.ts';
import { networkHash } from './hash.ts';

// Pages that are never written to take no memory, but some systems count them all the same.
test.skipIf(freemem() < 6 * 2 ** 30)(
  'a tensor of more than 2 GiB is hashed',
  () => {
    const b = new NetworkBuilder('large');
    const built = b.build(b.head(b.conv(b.input([1, 4, 4]), 2), 2));
    const [name = ''] = built.constants.keys();
    const dims = [2 ** 29 + 1];
    const large = {
      ...built,
      constants: new Map(built.constants).set(name, { dims, data: new Float32Array(2 ** 29 + 1) }),
    };
    expect(networkHash(large)).toMatch(/^[0-9a-f]{64}$/);
  },
  120_000,
);
