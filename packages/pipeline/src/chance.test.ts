import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, openEngine } from '@espalier/engines';
import { allocationNames, samplingSeed } from '@espalier/pruning';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tinyDataset } from '../../engines/test/tiny-dataset.ts';
import { tinyMetadata } from '../../engines/test/tiny-networks.ts';
import { NetworkBuilder } from '../../network/test/builder.ts';
import { drawsBySeed, type PlanInput, parsePlan } from './plan.ts';
import { pruneOn } from './prune-plan.ts';

let engine: Engine;
let home: string;

beforeAll(async () => {
  engine = await openEngine('onnxruntime', { threads: 1 });
  home = await mkdtemp(path.join(tmpdir(), 'espalier-chance-'));
});

afterAll(async () => {
  await engine.dispose();
  await rm(home, { recursive: true, force: true });
});

/** More and fewer than criteria look at. */
const [MANY, FEW] = [1000, 100];
const SAMPLES = 40;
const network = { ...wide(), metadata: tinyMetadata() };

/** Of many channels: some of them matter equally, but for the images that are looked at. */
function wide() {
  const b = new NetworkBuilder('wide', 1);
  return b.build(b.head(b.convBnRelu(b.convBnRelu(b.input([3, 6, 6]), 48), 48), 10));
}

/** Whether some of three seeds give different networks, and what is said of it before. */
async function twoSeeds(changes: Partial<PlanInput>, images: number) {
  const dataset = { ...tinyDataset({ n: images }), hash: `tiny ${images}` };
  const { criterion = 'l1', sampling, ...rest } = changes;
  const place = { home, engine: 'onnxruntime', threads: 1, checkpointEvery: 100 };
  const made = [0, 1, 2].map((seed) =>
    parsePlan({
      ...{
        model: { file: '-' },
        data: { spec: '-' },
        criterion,
        seed,
        target: { metric: 'macs', share: 0.4 },
      },
      // In multiples some of the tiny groups stay whole, and chance has nothing to choose in them.
      ...{ tests: { base: false, cut: false }, limits: { align: 1 }, ...rest },
      // As runs of an experiment are sampled.
      sampling: {
        grid: [0.25, 0.5, 0.75],
        samples: SAMPLES,
        seed: samplingSeed(criterion, seed, 0),
        ...sampling,
      },
    }),
  );
  const hashes = new Set<string>();
  for (const plan of made) {
    const { result } = await pruneOn({ network, dataset, engine }, plan, place);
    hashes.add(result.networkHash);
  }
  const said = made.map((plan) => drawsBySeed(plan, { train: images, search: images }));
  return { said: [...new Set(said)], differ: hashes.size > 1 };
}

async function expectChance(isChance: boolean, changes: Partial<PlanInput>, images = MANY): Promise<void> {
  expect({ changes, ...(await twoSeeds(changes, images)) }).toEqual({
    ...{ changes, said: [isChance], differ: isChance },
  });
}

it.each([...allocationNames, 'manual(*=0.5)'])(
  '%s: two seeds give two networks where chance plays a part, and one where it does not',
  async (allocation) => {
    await expectChance(allocation === 'random', { allocation });
    await expectChance(true, { allocation, criterion: 'random' });
    await expectChance(true, { allocation, criterion: 'taylor' });
  },
  60_000,
);

it.each([
  ['taylor', true],
  ['hrank', true],
  // More than there are here.
  ['reconstruction', false],
])(
  'draws nothing for %s where all images are taken',
  async (criterion, isDrawn) => {
    await expectChance(isDrawn, { allocation: 'uniform', criterion });
    await expectChance(false, { allocation: 'uniform', criterion }, FEW);
    // Of the search split too.
    await expectChance(false, { allocation: 'cie', criterion, sampling: { samples: FEW } }, FEW);
    await expectChance(true, { allocation: 'random', criterion }, FEW);
  },
  60_000,
);

it('draws what training and recalibration draw', async () => {
  const uniform = { allocation: 'uniform' };
  const recipe = { steps: 3, batch: 10 };
  await expectChance(true, { ...uniform, recipe });
  await expectChance(true, { allocation: 'cie', rounds: 2, recovery: recipe });
  await expectChance(false, { allocation: 'cie', rounds: 2 });
  await expectChance(true, { ...uniform, recalibrate: 50 });
  await expectChance(false, { ...uniform, recalibrate: FEW }, FEW);
}, 60_000);
