import { createHash } from 'node:crypto';
import { outputRoles } from '@espalier/engines';
import type { Network } from '@espalier/network';
import { expect, it } from 'vitest';
import { tinyResNet } from '../../../packages/engines/test/tiny-networks.ts';
import { NetworkBuilder } from '../../../packages/network/test/builder.ts';
import { type Member, type Platform, startPlatform } from './platform.ts';
import { experiment, networkArtifact } from './rows.ts';

/** For pictures of 6x6: scores of ten classes, and a map. */
const twoOutputs = () => {
  const b = new NetworkBuilder('map');
  const x = b.relu(b.conv(b.input([3, 6, 6]), 8));
  return b.build(b.head(x, 10), b.conv(x, 10, { name: 'heat' }));
};

/** A vector divided by its length. */
const embedding = () => {
  const b = new NetworkBuilder('faces');
  const v = b.gemm(b.flatten(b.relu(b.conv(b.input([3, 6, 6]), 8))), 6);
  const squares = b.op('ReduceSum', [b.op('Mul', [v, v])], { axes: [1], keepdims: 1 });
  return b.build(b.op('Div', [v, b.op('Sqrt', [squares])]));
};

async function setUp() {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const { teamId } = editor;
  await experiment(platform, teamId);
  for (const [id, classes] of [
    ['photos', []],
    ['pictures', [...'0123456789']],
    ['five', [...'01234']],
  ] as const) {
    const splits = { create: ['train', 'search', 'test'].map((name) => ({ name, images: 100 })) };
    const shape = { height: 6, width: 6, channels: 3 };
    const sha256 = createHash('sha256').update(id).digest('hex');
    await platform.prisma.artifact.create({
      data: { sha256, bytes: 1, mediaType: 'application/octet-stream' },
    });
    await platform.prisma.dataset.create({
      data: { id, teamId, sha256, name: `the ${id}`, hash: id, classes: [...classes], ...shape, splits },
    });
  }
  await model(platform, teamId, 'plain', tinyResNet());
  await model(platform, teamId, 'map', twoOutputs());
  await model(platform, teamId, 'faces', embedding());
  return { platform, editor };
}

async function model(platform: Platform, teamId: string, id: string, network: Network): Promise<void> {
  const sha256 = await networkArtifact(platform, network);
  const outputs = outputRoles(network).map(({ name, tellsClasses, distribution, isEmbedding }) => {
    return { name, tellsClasses, tellsProbabilities: distribution !== null, isEmbedding };
  });
  await platform.prisma.model.create({
    data: {
      ...{ id, teamId, projectId: 'proj_s', name: `my ${id}`, sha256, networkHash: id },
      ...{ params: 1, macs: 1, summary: { outputs } },
    },
  });
}

let names = 0;

async function create(editor: Member, modelId: string, datasetId: string, more = '') {
  const input = `modelId: "${modelId}", datasetId: "${datasetId}", name: "n${names++}"${more && `, ${more}`}`;
  const { data, errors } = await editor.ask(`mutation { createExperiment(input: { ${input} }) {
    errors { message path }
    experiment { id qualityMetric { name label direction unit needsLabels } outputWeights { output weight } } } }`);
  expect(errors).toBeUndefined();
  const { errors: refused, experiment: made } = data.createExperiment;
  const [first] = refused;
  return {
    made,
    refused: first
      ? [refused.map((each: { path: string[] }) => each.path.join('.')).join(), first.message]
      : null,
  };
}

const HEADS = '"head", "heat"';

it('an experiment has a metric: as asked, or as its images and its model allow; what cannot be is refused in a line', async () => {
  const { editor, platform } = await setUp();
  const top1 = { name: 'TOP1', label: 'top-1', direction: 'HIGHER', unit: 'SHARE', needsLabels: true };
  const fidelity = {
    name: 'FIDELITY',
    label: 'output error',
    direction: 'LOWER',
    unit: 'RATIO',
    needsLabels: false,
  };
  const cosine = { name: 'COSINE', label: 'cosine similarity', direction: 'HIGHER', unit: 'RATIO' };
  for (const [modelId, datasetId, more, metric, weights] of [
    ['plain', 'pictures', '', top1, []],
    ['faces', 'photos', '', cosine, []],
    ['faces', 'pictures', '', cosine, []],
    ['faces', 'photos', 'qualityMetric: FIDELITY', fidelity, []],
    ['plain', 'photos', '', fidelity, []],
    ['map', 'photos', '', fidelity, []],
    ['map', 'pictures', '', fidelity, []],
    [
      'map',
      'five',
      'outputWeights: [{ output: "heat", weight: 3 }]',
      fidelity,
      [{ output: 'heat', weight: 3 }],
    ],
    ['plain', 'five', 'qualityMetric: FIDELITY', fidelity, []],
  ] as const) {
    const { made, refused } = await create(editor, modelId, datasetId, more);
    expect(refused, `${modelId} on ${datasetId}`).toBeNull();
    expect(made).toMatchObject({ qualityMetric: metric, outputWeights: weights });
  }
  const labels = (name: string) =>
    `${name} compares with labels, and the images of the photos have none: give metric fidelity, or images in class folders`;
  for (const [modelId, datasetId, more, field, says] of [
    ['plain', 'photos', 'qualityMetric: TOP1', 'qualityMetric', labels('top-1')],
    ['plain', 'photos', 'qualityMetric: TOP5', 'qualityMetric', labels('top-5')],
    ['plain', 'photos', 'qualityMetric: LOSS', 'qualityMetric', labels('loss')],
    [
      'plain',
      'five',
      'qualityMetric: TOP5',
      'datasetId',
      'network "my plain" has 10 classes, the five has 5',
    ],
    [
      'map',
      'pictures',
      'qualityMetric: TOP1',
      'modelId',
      'export it with one output [batch, classes], or use metric fidelity',
    ],
    [
      'map',
      'photos',
      'qualityMetric: KL',
      'qualityMetric',
      `has no output that ends in Softmax (it has ${HEADS})`,
    ],
    [
      'map',
      'photos',
      'outputWeights: [{ output: "x", weight: 3 }]',
      'outputWeights',
      `has no output "x" to weigh: it has ${HEADS}`,
    ],
    [
      'map',
      'photos',
      'outputWeights: [{ output: "heat", weight: -1 }]',
      'outputWeights',
      'give a number from 0',
    ],
    [
      'map',
      'photos',
      'outputWeights: [{ output: "heat", weight: 1 }, { output: "heat", weight: 2 }]',
      'outputWeights',
      'an output has two weights: give it one',
    ],
    [
      'plain',
      'pictures',
      'outputWeights: [{ output: "heat", weight: 1 }]',
      'outputWeights',
      'top-1 weighs no outputs: leave the weights out',
    ],
    [
      'plain',
      'photos',
      'recipe: { epochs: 1 }',
      'recipe',
      'fine-tuning needs labels, and the images of the photos have none: leave it out',
    ],
  ] as const) {
    const { made, refused } = await create(editor, modelId, datasetId, more);
    expect(made, `${modelId} on ${datasetId}, ${more}`).toBeNull();
    expect(refused).toEqual([
      expect.stringMatching(new RegExp(`^${field}\\b`)),
      expect.stringContaining(says),
    ]);
    expect(refused?.[1]).not.toMatch(/\n|\/|[0-9a-f]{64}/);
  }

  // Runs: what uses labels is refused before anything is started.
  const { made } = await create(editor, 'plain', 'photos');
  const start = (strategy: string) =>
    editor.ask(
      `mutation { startRuns(input: { experimentId: "${made.id}", strategies: [{ ${strategy} }], targets: [{ share: 0.3 }], seeds: [0] }) { errors { message path } runs { id } } }`,
    );
  const taylor = await start('allocation: "cie", criterion: "taylor"');
  expect(taylor.data.startRuns.errors).toEqual([
    {
      path: ['strategies', '0', 'criterion'],
      message:
        'criterion taylor needs labels, and the images of the photos have none: give another one, such as reconstruction or l1',
    },
  ]);
  const recovery = await start('allocation: "cie", rounds: 2, recovery: { epochs: 1 }');
  expect(recovery.data.startRuns.errors).toMatchObject([{ path: ['strategies', '0', 'recovery'] }]);
  expect(await platform.prisma.run.count()).toBe(0);
  const fine = await start('allocation: "cie", criterion: "l1"');
  expect(fine.data.startRuns.errors).toEqual([]);

  // A copy keeps the metric; what is of before there was a choice is of top-1, and samplings of other metrics are
  // others.
  const copy = await editor.ask(
    `mutation { cloneExperiment(input: { id: "${made.id}", qualityMetric: KL }) { experiment { qualityMetric { name } } } }`,
  );
  expect(copy.data.cloneExperiment.experiment.qualityMetric.name).toBe('KL');
  const seen = await editor.ask(`{
    experiment(id: "exp_s") { qualityMetric { name } outputWeights { output } }
    experiments(filter: { qualityMetric: { in: [FIDELITY] } }) { totalCount }
    runs { nodes { sampling { qualityMetric { name } baselineValue } } } }`);
  expect(seen.data).toEqual({
    experiment: { qualityMetric: { name: 'TOP1' }, outputWeights: [] },
    experiments: { totalCount: 7 },
    runs: { nodes: [{ sampling: { qualityMetric: { name: 'FIDELITY' }, baselineValue: null } }] },
  });
  const benchmark = await editor.ask(
    `mutation { startBenchmark(input: { modelIds: ["plain"], datasetId: "photos", name: "b", sections: [{ title: "t", strategies: ["uniform"], targets: ["macs=0.3"] }] }) { errors { message path } } }`,
  );
  expect(benchmark.data.startBenchmark.errors).toMatchObject([
    {
      path: ['datasetId'],
      message: expect.stringContaining('a benchmark uses top-1, and the images of the photos have no labels'),
    },
  ]);
});
