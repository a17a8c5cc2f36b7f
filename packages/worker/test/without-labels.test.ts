import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { openDataset } from '@espalier/datasets';
import type { PruneResult } from '@espalier/pipeline';
import type { SamplingRun } from '@espalier/pruning';
import { type RunSpec, startRuns } from '@espalier/runs';
import { newId } from '@espalier/store';
import { expect, it } from 'vitest';
import { espalierHere } from '../../cli/test/espalier.ts';
import { experimentOf, type Platform, platform } from '../../runs/test/platform.ts';
import { inProcess, untilOver } from './processes.ts';

// Networks that are judged by their outputs: a worker and the command come to the same, to the byte.

const SAMPLES = 64;
const GRID = [0.25, 0.5, 0.75];
const REPAIR = 100;

interface Case {
  readonly name: string;
  readonly metric: 'fidelity' | 'agreement' | 'kl' | 'loss';
  readonly on: 'photos' | 'pictures';
  readonly spec?: Partial<RunSpec>;
  readonly recipe?: object;
  readonly flags?: readonly string[];
}

const CASES: readonly Case[] = [
  { name: 'fidelity', metric: 'fidelity', on: 'photos' },
  {
    name: 'kl, greedy',
    metric: 'kl',
    on: 'photos',
    spec: { allocation: 'greedy' },
    flags: ['--allocation', 'greedy'],
  },
  {
    name: 'agreement in rounds',
    metric: 'agreement',
    on: 'photos',
    spec: { rounds: 2 },
    flags: ['--rounds', '2'],
  },
  {
    ...{ name: 'fidelity with labels and training', metric: 'fidelity', on: 'pictures' },
    recipe: { steps: 12, batch: 16, learningRate: 0.01 },
    flags: ['--finetune', 'steps=12,batch=16,lr=0.01'],
  },
  { name: 'loss', metric: 'loss', on: 'pictures' },
];

/** The pictures of the platform in one folder, without their classes. */
async function photos(on: Platform): Promise<string> {
  const [from, bare] = [path.join(on.folder, 'pictures'), path.join(on.folder, 'photos')];
  await mkdir(bare);
  for (const name of await readdir(from)) {
    for (const file of await readdir(path.join(from, name))) {
      await copyFile(path.join(from, name, file), path.join(bare, `${name}-${file}`));
    }
  }
  const dataset = await openDataset(bare, { home: path.join(on.folder, 'home') });
  const { hash, classes, splits } = dataset;
  await dataset.close();
  expect(classes).toEqual([]);
  const { teamId } = await experimentOf(on);
  const id = newId('data');
  await on.database.prisma.dataset.create({
    data: {
      ...{ id, teamId, name: 'photos', builtIn: bare, hash },
      splits: { create: Object.entries(splits).map(([name, { n }]) => ({ name, images: n })) },
    },
  });
  return id;
}

async function started(on: Platform, photosId: string, { name, metric, on: data, spec, recipe }: Case) {
  const { teamId, projectId, modelId, datasetId } = await experimentOf(on);
  const experiment = await on.database.prisma.experiment.create({
    data: {
      ...{ id: newId('exp'), teamId, projectId, modelId, name, qualityMetric: metric },
      ...{ datasetId: data === 'photos' ? photosId : datasetId, ...(recipe ? { recipe } : {}) },
      ...{ samples: SAMPLES, grid: GRID, seed: 0, repair: REPAIR },
    },
    include: { model: true, dataset: true },
  });
  const target = { metric: 'macs', share: 0.4 };
  const wanted: RunSpec = { allocation: 'cie', criterion: 'l1', target, seed: 0, ...spec };
  const [run] = await on.database.prisma.$transaction((transaction) =>
    startRuns(transaction, on.queue, experiment, [wanted]),
  );
  return run?.id ?? '';
}

async function espalierJson(on: Platform, args: readonly string[]) {
  const common = ['--engine', 'onnxruntime', '--threads', '1', '--json'];
  const { code, stdout, stderr } = await espalierHere([...args, ...common], {
    env: { ESPALIER_HOME: path.join(on.folder, 'home of the command') },
  });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(14)));

const given = (on: Platform, { metric, on: data }: Case) => [
  ...[path.join(on.folder, 'tiny.onnx'), '--dataset', path.join(on.folder, data), '--metric', metric],
  ...['--grid', GRID.join(','), '--samples', String(SAMPLES)],
];

it('a run by outputs gives what the command gives: the file, the values, the samples', async () => {
  const on = await platform({ samples: SAMPLES, perClass: 90 });
  const { prisma } = on.database;
  const photosId = await photos(on);
  const worker = await inProcess(on);
  const ids: string[] = [];
  for (const each of CASES) ids.push(await started(on, photosId, each));
  const runs = await Promise.all(ids.map((id) => untilOver(on, id)));
  await worker.stop();
  expect(runs.map(({ error }) => error)).toEqual(CASES.map(() => null));
  for (const [i, each] of CASES.entries()) {
    const { metric } = each;
    const out = path.join(on.folder, `${i}.onnx`);
    const flags = ['--target', 'macs=0.4', '--repair', String(REPAIR), '--out', out, ...(each.flags ?? [])];
    // Rows without limits have widths as they fall.
    flags.push('--align', '1');
    const printed: PruneResult = JSON.parse(await espalierJson(on, ['prune', ...given(on, each), ...flags]));
    const valueIn = (one: PruneResult['after'] | null) =>
      metric === 'loss' ? (one?.loss ?? null) : (one?.values?.[metric] ?? null);
    const { result, samplingRun } = await prisma.run.findUniqueOrThrow({
      where: { id: ids[i] ?? '' },
      include: { result: true, samplingRun: { include: { points: true, contribution: true } } },
    });
    expect(result, each.name).toMatchObject({
      sha256: createHash('sha256')
        .update(await readFile(out))
        .digest('hex'),
      prunedValue: valueIn(printed.pruned),
      repairedValue: valueIn(printed.repaired),
      value: valueIn(printed.after),
      top1: printed.after.top1,
    });
    expect(result?.value).toEqual(expect.any(Number));
    expect(result?.rounds).toEqual(printed.rounds);
    if (!samplingRun) continue;
    const swept = path.join(on.folder, `${i}.sweep.json`);
    await espalierJson(on, ['sweep', ...given(on, each), '--out', swept]);
    const sweep: SamplingRun = JSON.parse(await readFile(swept, 'utf8'));
    expect(samplingRun).toMatchObject({
      ...{ qualityMetric: metric, baselineTop1: sweep.baseline.top1 },
      baselineValue: sweep.baseline.values[metric],
    });
    // Arrays of numbers go through the database with a digit less.
    expect(samplingRun.contribution?.drop.map(rounded)).toEqual(sweep.drop.flat().map(rounded));
    expect(samplingRun.contribution?.contribution.map(rounded)).toEqual(
      sweep.contribution.flat().map(rounded),
    );
    const points = samplingRun.points.sort(
      (a, b) => a.groupIndex - b.groupIndex || a.ratioIndex - b.ratioIndex,
    );
    expect(points.map(({ value }) => value)).toEqual(sweep.values[metric]?.flat());
    expect(points.map(({ top1 }) => top1)).toEqual(sweep.accuracy?.flat() ?? points.map(() => null));
  }
  // Without labels nothing is said of accuracies.
  expect(await prisma.baseEvaluation.count()).toBe(1);
});
