import { mkdtemp, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { cifarPictures } from '../../../packages/cli/test/cifar-pictures.ts';
import { commandIn } from './command.ts';
import { RESNET20, startPlatform } from './platform.ts';

const START = `mutation ($input: StartBenchmarkInput!) {
  startBenchmark(input: $input) { ok errors { message path } benchmark { id name runs { total } } }
}`;

const SECTIONS = [
  {
    title: 'As cut',
    repair: 0,
    strategies: ['cie:l1', 'uniform:l1', 'uniform:random'],
    targets: ['macs=0.3'],
    seeds: [0, 1],
    samples: 40,
    align: 1,
  },
  { title: 'Repaired', strategies: ['uniform:l1'], targets: ['macs=0.3'], samples: 40, repair: 40 },
];

async function withSubjects(worker: boolean) {
  const platform = await startPlatform({ worker });
  const editor = await platform.member('editor');
  const folder = await mkdtemp('/var/tmp/espalier-benchmark-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const espalier = commandIn(folder, { ESPALIER_ADDRESS: platform.address, ESPALIER_KEY: editor.key });
  const pushed = async (...args: string[]) => {
    const { code, stdout, stderr } = await espalier('push', ...args, '--json');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return JSON.parse(stdout).id as string;
  };
  const datasetId = await pushed('--dataset', await cifarPictures(), '--name', 'Pictures');
  const modelId = await pushed(RESNET20, '--name', 'resnet20', '--project', 'Networks');
  return { ...platform, editor, input: { name: 'First', datasetId, modelIds: [modelId], grid: '0.3,0.6' } };
}

it('a benchmark is one experiment a section and model, and ends in tables', async () => {
  const { member, prisma, editor, input } = await withSubjects(true);
  const { data } = await editor.ask(START, { input: { ...input, sections: SECTIONS } });
  const { ok, errors, benchmark } = data.startBenchmark;
  // cie and uniform once each, random units for each seed; and one that is repaired.
  expect({ ok, errors, runs: benchmark?.runs }).toEqual({ ok: true, errors: [], runs: { total: 5 } });
  const counts = async () =>
    (await editor.ask(`{ benchmark(id: "${benchmark.id}") { runs { total finished failed } } }`)).data
      .benchmark.runs;
  const early = await editor.ask(`{ benchmarkSections(id: "${benchmark.id}") { missing } }`);
  expect(early.data.benchmarkSections[0].missing).toBeGreaterThan(0);
  while ((await counts()).finished + (await counts()).failed < 5) await setTimeout(300);

  const ask = () =>
    editor.ask(
      `{ benchmarkSections(id: "${benchmark.id}") { title conditions missing failed experiment { id } model { name } tables { caption heads rows } reference rows { strategy cells { ...Cell } meanAccuracy meanRank } duels { against cells { wins ties losses uncompared apart difference { mean n } } } } } fragment Cell on BenchmarkCell { asCut { mean } repaired { mean } top1 { mean deviation n } savedMacs savedParams }`,
    );
  const [section, ...others] = (await ask()).data.benchmarkSections;
  const [repaired, ...more] = others;
  expect(more).toEqual([]);
  expect(repaired).toMatchObject({ title: 'Repaired', missing: 0, failed: 0 });
  expect(repaired.conditions).toContain('repaired with 40 training images, without fine-tuning');
  const [whole] = repaired.rows[0].cells;
  expect(whole.repaired.mean).toBeGreaterThan(whole.asCut.mean);
  expect(whole.top1.mean).toBe(whole.repaired.mean);
  expect(section).toMatchObject({ title: 'As cut', missing: 0, failed: 0, model: { name: 'resnet20' } });
  expect(section.reference).toBe('cie:l1');
  const [cie, uniform, random] = section.rows;
  expect(cie.cells[0].top1).toMatchObject({ n: 1, deviation: null });
  expect(cie.cells[0].repaired).toBeNull();
  expect(random.cells[0].top1.n).toBe(2);
  expect(cie.cells[0].top1.mean).toBeGreaterThan(random.cells[0].top1.mean + 0.2);
  expect(uniform.cells[0].savedMacs).toBeGreaterThanOrEqual(0.3);
  expect(section.tables[0].heads).toEqual(['strategy', '30 % MACs', 'mean accuracy', 'mean rank']);
  expect(section.tables[0].rows.map(([name]: string[]) => name)).toEqual(SECTIONS[0]?.strategies);

  // A run with other limits is none of the benchmark's, however alike it is otherwise.
  const where = { experimentId: section.experiment.id, allocation: 'cie' };
  const { limits } = await prisma.run.findFirstOrThrow({ where });
  expect(limits).toMatchObject({ align: 1, maxRatio: 0.9 });
  await prisma.run.updateMany({ where, data: { limits: { ...(limits as object), align: 8 } } });
  expect((await ask()).data.benchmarkSections[0]).toMatchObject({ missing: 1 });
  await prisma.run.updateMany({ where, data: { limits: limits as object } });
  expect((await ask()).data.benchmarkSections[0]).toEqual(section);

  const stranger = await member('admin');
  const foreign = await stranger.ask(
    `{ benchmark(id: "${benchmark.id}") { id } benchmarkSections(id: "${benchmark.id}") { title } benchmarks { totalCount } }`,
  );
  expect(foreign.data).toEqual({ benchmark: null, benchmarkSections: null, benchmarks: { totalCount: 0 } });

  // In the trash it is gone, its experiment stays; purged, the experiment stands alone.
  const admin = await member('admin', editor.teamId);
  await admin.ask(`mutation { moveToTrash(input: { ids: ["${benchmark.id}"] }) { ok } }`);
  expect((await editor.ask('{ benchmarks { totalCount } }')).data.benchmarks.totalCount).toBe(0);
  const purged = await admin.ask(
    `mutation { purge(input: { ids: ["${benchmark.id}"] }) { ok purged { rows } } }`,
  );
  expect(purged.data.purge).toMatchObject({ ok: true, purged: { rows: 1 } });
  expect(await prisma.experiment.count({ where: { teamId: editor.teamId, benchmarkId: null } })).toBe(2);
}, 900_000);

it('a benchmark that cannot be is refused whole, and one that can is read in few statements', async () => {
  const { prisma, statements, editor, input } = await withSubjects(false);
  const refused = async (changes: object) =>
    (await editor.ask(START, { input: { ...input, sections: SECTIONS, ...changes } })).data.startBenchmark
      .errors[0];
  const [section] = SECTIONS;
  expect((await refused({ sections: [{ ...section, strategies: ['best:l1'] }] })).message).toMatch(
    /section "As cut": there is no allocation "best"/,
  );
  expect(
    (await refused({ sections: [{ ...section, disjointSamples: true, samples: 100 }] })).message,
  ).toMatch(/share one sample/);
  expect(await refused({ sections: [{ ...section, targets: ['macs=0.3', 'macs=0.99'] }] })).toEqual({
    message: expect.stringMatching(/^section "As cut": target macs=0.99 cannot be reached/),
    path: ['sections'],
  });
  expect(await refused({ modelIds: [] })).toEqual({ message: 'give a model', path: ['modelIds'] });
  expect(await refused({ modelIds: ['model_none'] })).toEqual({
    ...{ message: 'there is no such model', path: ['modelIds'] },
  });
  expect((await refused({ sections: [{ ...section, samples: 5000 }] })).path).toEqual([
    'sections',
    '0',
    'samples',
  ]);
  const many = Array.from({ length: 501 }, (_, seed) => seed);
  const random = { ...section, strategies: ['uniform:random', 'cie:random'], seeds: many };
  expect((await refused({ sections: [random] })).message).toBe('at most 1000 runs at once, these are 1002');
  expect(await prisma.benchmark.count()).toBe(0);
  expect(await prisma.experiment.count()).toBe(0);

  const wide = {
    ...section,
    title: 'Wide',
    seeds: [0, 1, 2, 3],
    strategies: ['uniform:l1', 'uniform:random'],
  };
  const started = await editor.ask(START, { input: { ...input, sections: [section, wide] } });
  const { id } = started.data.startBenchmark.benchmark;
  const ask = () =>
    editor.ask(`{ benchmarkSections(id: "${id}") { title missing model { name } tables { rows } } }`);
  await ask();
  const { result, count } = await statements(ask);
  expect(result.data.benchmarkSections.map(({ missing }: { missing: number }) => missing)).toEqual([4, 5]);
  expect(count).toBeLessThanOrEqual(8);
});
