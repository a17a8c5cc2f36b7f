import type { PrismaClient } from '@espalier/store';
import { expect, it } from 'vitest';
import { type Member, type Platform, startPlatform } from './platform.ts';

/** Projects, each with two networks, an experiment of each, and three runs of each of these by one sampling. */
async function fill(prisma: PrismaClient, teamId: string, projects: number): Promise<void> {
  const at = (i: number) => String(i).padStart(2, '0');
  const numbers = Array.from({ length: projects }, (_, i) => at(i));
  const halves = numbers.flatMap((i) => [
    { i, k: `${i}a` },
    { i, k: `${i}b` },
  ]);
  const sha256 = '0'.repeat(64);
  await prisma.artifact.create({ data: { sha256, bytes: 1, mediaType: 'application/onnx' } });
  await prisma.project.createMany({ data: numbers.map((i) => ({ id: `proj_${i}`, teamId, name: i })) });
  await prisma.dataset.createMany({
    data: numbers.map((i) => ({
      id: `data_${i}`,
      teamId,
      name: i,
      builtIn: 'mnist',
      hash: i,
      classes: ['a'],
    })),
  });
  const counted = { params: 1, macs: 1, summary: {} };
  await prisma.model.createMany({
    data: halves.map(({ i, k }) => ({
      ...{ id: `model_${k}`, teamId, projectId: `proj_${i}`, name: k, sha256, networkHash: k, ...counted },
    })),
  });
  await prisma.experiment.createMany({
    data: halves.map(({ i, k }) => ({
      ...{ id: `exp_${k}`, teamId, projectId: `proj_${i}`, modelId: `model_${k}`, datasetId: `data_${i}` },
      ...{ name: k, samples: 1, grid: [0.5], seed: 0 },
    })),
  });
  await prisma.samplingRun.createMany({
    data: halves.map(({ i, k }) => ({
      ...{ id: `sample_${k}`, key: k, modelId: `model_${k}`, datasetId: `data_${i}`, networkHash: k },
      ...{ datasetHash: i, criterion: 'l1', grid: [0.5], samples: 1, seed: 0 },
    })),
  });
  await prisma.run.createMany({
    data: halves.flatMap(({ k }) =>
      [0, 1, 2].map((seed) => ({
        ...{ id: `run_${k}${seed}`, teamId, experimentId: `exp_${k}`, samplingRunId: `sample_${k}`, seed },
        ...{ allocation: 'cie', criterion: 'l1', metric: 'macs', share: 0.5 },
      })),
    ),
  });
}

/** A list under objects, and the filter by which the root has the same. */
const LISTS = [
  ['projects', 'models', 'models', 'project'],
  ['projects', 'experiments', 'experiments', 'project'],
  ['projects', 'runs', 'runs', 'project'],
  ['models', 'experiments', 'experiments', 'model'],
  ['models', 'runs', 'runs', 'model'],
  ['models', 'samplingRuns', 'samplingRuns', 'model'],
  ['experiments', 'runs', 'runs', 'experiment'],
  ['datasets', 'experiments', 'experiments', 'dataset'],
  ['datasets', 'runs', 'runs', 'dataset'],
] as const;

const PAGE = '{ totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }';

async function filled(projects: number): Promise<Platform & { readonly viewer: Member }> {
  const platform = await startPlatform();
  const viewer = await platform.member('viewer');
  await fill(platform.prisma, viewer.teamId, projects);
  return { ...platform, viewer };
}

it('a list under an object is what the root has of it, on every page and from both ends', async () => {
  const { viewer } = await filled(3);
  for (const [parents, field, root, filter] of LISTS) {
    for (const args of [
      'first: 1',
      'last: 1, order: { direction: ASC }',
      'last: 2, filter: { id: { in: [] } }',
    ]) {
      const { data } = await viewer.ask(
        `{ ${parents}(first: 2) { nodes { id ${field}(${args}) ${PAGE} } } }`,
      );
      for (const { id, [field]: page } of data[parents].nodes) {
        const own = args.includes('filter') ? args : `${args}, filter: { ${filter}: { in: ["${id}"] } }`;
        const whole = await viewer.ask(`{ ${root}(${own}) ${PAGE} }`);
        expect(page, `${parents} ${id} ${field}(${args})`).toEqual(whole.data[root]);
        const cursor = page.pageInfo.endCursor;
        if (cursor === null) continue;
        const next = `first: 1, after: "${cursor}"${args.includes('ASC') ? ', order: { direction: ASC }' : ''}`;
        const under = await viewer.ask(
          `{ node(id: "${id}") { ... on ${typeOf(parents)} { ${field}(${next}) ${PAGE} } } }`,
        );
        const again = await viewer.ask(
          `{ ${root}(${next}, filter: { ${filter}: { in: ["${id}"] } }) ${PAGE} }`,
        );
        expect(under.data.node[field], `${parents} ${id} ${field}(${next})`).toEqual(again.data[root]);
      }
    }
  }
});

it('lists under thirty objects take as many statements as under one', async () => {
  const { viewer, statements } = await filled(30);
  const lists: Readonly<Record<string, string>> = {
    projects: `models ${PAGE} experiments ${PAGE} datasets ${PAGE}
      runs(first: 2, order: { by: TOP1 }) { totalCount nodes { id model { name } dataset { name } project { name } } pageInfo { hasNextPage } }`,
    models: `project { name } experiments ${PAGE} runs(last: 1) ${PAGE} samplingRuns ${PAGE}`,
    experiments: `project { name } runs ${PAGE} samplingRuns { nodes { id model { id } dataset { id } runs(first: 1) ${PAGE} } }`,
    datasets: `experiments { nodes { id runs(first: 1) ${PAGE} } } runs(first: 1) ${PAGE} models ${PAGE}`,
    samplingRuns: `model { name } dataset { name } runs ${PAGE}`,
  };
  await viewer.ask('{ viewer { role } }');
  for (const [parents, fields] of Object.entries(lists)) {
    const query = `query ($n: Int!) { ${parents}(first: $n) { nodes { id ${fields} } } }`;
    const counts: number[] = [];
    for (const n of [1, 30]) {
      const { result, count } = await statements(() => viewer.ask(query, { n }));
      expect(result.errors, parents).toBeUndefined();
      expect(result.data[parents].nodes).toHaveLength(n);
      counts.push(count);
    }
    expect(counts[1], parents).toBe(counts[0]);
    expect(counts[0], parents).toBeLessThanOrEqual(16);
  }
});

it('a sampling run shows its points, page by page', async () => {
  const { viewer, prisma } = await filled(1);
  const groups = [
    { id: 'stem', width: 4 },
    { id: 'head', width: 8 },
  ];
  await prisma.samplingRun.update({
    where: { id: 'sample_00a' },
    data: { groups, grid: [0.1, 0.5], state: 'done', baselineTop1: 0.75 },
  });
  const point = { samplingRunId: 'sample_00a', images: 100, standardError: 0.25, top5: null };
  await prisma.samplePoint.createMany({
    data: [
      { ...point, groupIndex: 0, ratioIndex: 0, removed: 0, top1: 0.75, loss: 1 },
      { ...point, groupIndex: 0, ratioIndex: 1, removed: 2, top1: 0.5, loss: 2 },
      { ...point, groupIndex: 1, ratioIndex: 0, removed: 1, top1: 0.25, loss: NaN, inferred: true },
    ],
  });
  const read = async (args: string) => {
    const { data } = await viewer.ask(
      `{ samplingRun(id: "sample_00a") { points${args} { totalCount pageInfo { endCursor } nodes { group ratio removed top1 top5 loss drop standardError images origin } } } }`,
    );
    return data.samplingRun.points;
  };
  const shared = { top5: null, standardError: 0.25, images: 100 };
  const nodes = [
    {
      group: 'stem',
      ratio: 0.1,
      removed: 0,
      top1: 0.75,
      loss: 1,
      drop: 0,
      origin: 'REPEATS_BASELINE',
      ...shared,
    },
    { group: 'stem', ratio: 0.5, removed: 2, top1: 0.5, loss: 2, drop: 0.25, origin: 'MEASURED', ...shared },
    {
      group: 'head',
      ratio: 0.1,
      removed: 1,
      top1: 0.25,
      loss: null,
      drop: 0.5,
      origin: 'INFERRED',
      ...shared,
    },
  ];
  const first = await read('(first: 2)');
  expect(first).toMatchObject({ totalCount: 3, nodes: nodes.slice(0, 2) });
  expect((await read(`(after: "${first.pageInfo.endCursor}")`)).nodes).toEqual(nodes.slice(2));
  for (const [filter, wanted] of [
    ['group: { in: ["stem"] }, ratio: { min: 0.2 }', [1]],
    ['group: { not: ["stem"] }', [2]],
    ['removed: { in: [0, 1] }', [0, 2]],
    ['top1: { max: 0.5 }', [1, 2]],
    ['drop: { min: 0.3 }', [2]],
    ['origin: { not: [INFERRED, REPEATS_BASELINE] }', [1]],
  ] as const) {
    const { nodes: kept } = await read(`(filter: { ${filter} })`);
    expect(kept, filter).toEqual(wanted.map((at) => nodes[at]));
  }
});

it('pages within pages are refused where they multiply to too much', async () => {
  const { viewer } = await filled(1);
  const refusal = async (query: string) => (await viewer.ask(query)).errors?.[0];
  const nested = (n: number) =>
    `{ projects(first: ${n}) { nodes { experiments(first: ${n}) { nodes { runs(first: ${n}) { nodes { id } } } } } } }`;
  expect(await refusal(nested(20))).toBeUndefined();
  expect(await refusal(nested(100))).toMatchObject({
    message: expect.stringMatching(/may have \d+ objects, and at most 20000 are allowed/),
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

const typeOf = (list: string) =>
  ({ projects: 'Project', models: 'Model', experiments: 'Experiment' })[list] ?? 'Dataset';
