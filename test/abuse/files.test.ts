import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { abuse, KINDS } from './files/abuse.ts';

it('mutated networks, packed data sets and images are read, or refused in a line', async () => {
  const findings = path.join(tmpdir(), 'espalier-abuse-findings');
  const tally = await abuse({ count: 150, seed: 17, findings });
  expect(tally.findings).toEqual([]);
  for (const kind of KINDS) {
    expect([kind, tally.read[kind], tally.refused[kind]].join()).toMatch(/^\w+,[1-9]\d*,[1-9]\d*$/);
  }
}, 120_000);
