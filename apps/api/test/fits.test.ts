import { createHash } from 'node:crypto';
import type { Network } from '@espalier/network';
import { expect, it } from 'vitest';
import { tinyMetadata, tinyResNet } from '../../../packages/engines/test/tiny-networks.ts';
import { NetworkBuilder } from '../../../packages/network/test/builder.ts';
import { type Member, type Platform, startPlatform } from './platform.ts';
import { experiment, networkArtifact } from './rows.ts';

/** For pictures of 6x6, that can be pruned. */
const fourChannels = () => {
  const b = new NetworkBuilder('four');
  return b.build(b.head(b.relu(b.conv(b.input([4, 6, 6], 'pixels'), 8)), 10));
};
const twoInputs = () => {
  const b = new NetworkBuilder('two');
  return b.build(b.head(b.relu(b.conv(b.add(b.input([3, 6, 6], 'x'), b.input([3, 6, 6], 'y')), 8)), 10));
};
const manyOutputs = () => {
  const b = new NetworkBuilder('map');
  const x = b.relu(b.conv(b.input([3, 6, 6]), 8));
  return b.build(b.head(x, 10), b.conv(x, 10, { name: 'heat' }));
};

async function model(platform: Platform, teamId: string, id: string, network: Network): Promise<void> {
  const sha256 = await networkArtifact(platform, network);
  const projectId = 'proj_s';
  await platform.prisma.model.create({
    data: {
      ...{ id, teamId, projectId, name: `my ${id}`, sha256, networkHash: id },
      ...{ params: 1, macs: 1, summary: {} },
    },
  });
}

async function refusal(editor: Member, mutation: string) {
  const { data, errors } = await editor.ask(`mutation { ${mutation} { errors { message path } } }`);
  expect(errors).toBeUndefined();
  const [{ errors: refused }] = Object.values(data) as [{ errors: { message: string; path: string[] }[] }];
  return refused[0] ? [refused.map(({ path }) => path.join('.')).join(), refused[0].message] : null;
}

const create = (modelId: string, datasetId: string, more = '') =>
  `createExperiment(input: { modelId: "${modelId}", datasetId: "${datasetId}", name: "${modelId} on ${datasetId}"${more} })`;
const check = (modelId: string, datasetId: string) => create(modelId, datasetId, ', dryRun: true');

it('networks and images that cannot fit are refused when an experiment is made, by their names', async () => {
  const platform = await startPlatform();
  const { prisma } = platform;
  const editor = await platform.member('editor');
  const { teamId } = editor;
  await experiment(platform, teamId);
  const dataset = async (id: string, classes: string, height: number, channels: number) => {
    const splits = { create: ['train', 'search', 'test'].map((name) => ({ name, images: 100 })) };
    const shape = { height, width: 6, channels };
    const sha256 = createHash('sha256').update(id).digest('hex');
    await prisma.artifact.create({
      data: { sha256, bytes: 1, mediaType: 'application/octet-stream' },
    });
    await prisma.dataset.create({
      data: { id, teamId, sha256, name: `the ${id}`, hash: id, classes: [...classes], ...shape, splits },
    });
  };
  await dataset('pictures', '0123456789', 6, 3);
  await dataset('grey', '0123456789', 6, 1);
  await dataset('tall', '0123456789', 9, 3);
  await dataset('pets', 'cd', 6, 3);
  await model(platform, teamId, 'four', fourChannels());
  await model(platform, teamId, 'two', twoInputs());
  await model(platform, teamId, 'map', manyOutputs());
  await model(platform, teamId, 'plain', tinyResNet());
  // The same file, with a preprocessing that came beside it.
  const { sha256 } = await prisma.model.findUniqueOrThrow({ where: { id: 'plain' } });
  const metadata = JSON.parse(JSON.stringify(tinyMetadata()));
  const told = { teamId, projectId: 'proj_s', name: 'told', sha256, networkHash: 'plain', metadata };
  await prisma.model.create({ data: { id: 'told', ...told, params: 1, macs: 1, summary: {} } });

  const cases: readonly (readonly [string, string, string, string])[] = [
    [
      'four',
      'pictures',
      'modelId',
      'network "my four" has the input "pixels" [batch, 4, 6, 6] of 4 channels',
    ],
    [
      'map',
      'pictures',
      'modelId',
      'network "my map" has the outputs "head" [batch, 10], "heat" [batch, 10, 6, 6]',
    ],
    ['plain', 'pets', 'datasetId', 'network "my plain" has 10 classes, the pets has 2'],
    ['plain', 'tall', 'datasetId', 'of 3x6x6 (channels, height, width), and those of the tall are 3x9x6'],
    ['told', 'pets', 'datasetId', 'network "told" has 10 classes, the pets has 2'],
  ];
  // One input carries the images, another one is a state that starts at zero.
  expect(await refusal(editor, check('two', 'pictures'))).toBeNull();
  for (const [modelId, datasetId, field, says] of cases) {
    const refused = await refusal(editor, create(modelId, datasetId));
    expect(await refusal(editor, check(modelId, datasetId))).toEqual(refused);
    expect(refused).toEqual([field, expect.stringContaining(says)]);
    expect(refused?.[1]).not.toMatch(/--|\/|[0-9a-f]{64}/);
  }
  for (const [modelId, datasetId] of [
    ['plain', 'pictures'],
    ['plain', 'grey'],
    ['told', 'tall'],
  ] as const) {
    const had = await prisma.experiment.count();
    expect(await refusal(editor, check(modelId, datasetId))).toBeNull();
    expect(await prisma.experiment.count()).toBe(had);
    expect(await refusal(editor, create(modelId, datasetId))).toBeNull();
  }

  const before = await prisma.run.count();
  const sections = `[{ title: "t", strategies: ["uniform"], targets: ["macs=0.3"] }]`;
  const benchmark = (modelId: string, datasetId: string) =>
    `startBenchmark(input: { modelIds: ["${modelId}"], datasetId: "${datasetId}", name: "b", sections: ${sections} })`;
  expect(await refusal(editor, benchmark('four', 'pictures'))).toEqual([
    'modelIds',
    expect.stringContaining('of 4 channels'),
  ]);
  expect(await refusal(editor, benchmark('plain', 'pets'))).toEqual([
    'datasetId',
    expect.stringContaining('has 2'),
  ]);
  // As one that was made before it was asked.
  await prisma.experiment.update({
    where: { id: 'exp_s' },
    data: { modelId: 'four', datasetId: 'pictures' },
  });
  const start = `startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform" }], targets: [{ share: 0.3 }], seeds: [0] })`;
  expect(await refusal(editor, start)).toEqual(['experimentId', expect.stringContaining('of 4 channels')]);
  const run = {
    allocation: 'uniform',
    criterion: 'l1',
    metric: 'macs',
    share: 0.3,
    seed: 0,
    state: 'finished',
  };
  await prisma.run.create({ data: { id: 'run_s', teamId, experimentId: 'exp_s', ...run } as never });
  expect(await refusal(editor, 'cloneRun(input: { id: "run_s", seed: 1 })')).toEqual([
    'experimentId',
    expect.stringContaining('of 4 channels'),
  ]);
  expect(await prisma.run.count()).toBe(before + 1);
});
