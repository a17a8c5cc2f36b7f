import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openDataset } from '@espalier/datasets';
import { queueOf, startRuns } from '@espalier/runs';
import { newId } from '@espalier/store';
import type { PlatformBench } from '../platform.ts';
import { root } from '../subject.ts';
import { addExperiment } from './experiment.ts';

const CHUNK = 1000;

/**
 * Many shares whose computing takes no time: claims, artifacts and results are real. Each share and each change of
 * it to "done" is counted by the database itself.
 */
export async function drain(
  bench: PlatformBench,
  { shards, workers }: { readonly shards: number; readonly workers: number },
): Promise<void> {
  const { database } = bench;
  const dataset = await openDataset('cifar10', { home: path.join(bench.folder, 'home') });
  const of = {
    ...{ model: path.join(root, 'models/resnet20-cifar10.onnx'), dataset, builtIn: 'cifar10' },
    ...{ grid: [0.5], seed: 0 },
  };
  const template = await oneShare(bench, of);
  const experiment = await addExperiment(bench, { ...of, samples: shards });
  await dataset.close();
  await database.pool.query(`
    CREATE TABLE written (sampling text, share int, at timestamptz DEFAULT clock_timestamp());
    CREATE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO written VALUES (NEW."samplingRunId", NEW.index); RETURN NEW; END $$;
    CREATE TRIGGER count_write AFTER UPDATE ON "SamplingShard" FOR EACH ROW
      WHEN (NEW.state = 'done') EXECUTE FUNCTION count_write()`);
  const id = await bench.withWorkers(workers, template, async () => {
    const sampling = await sendShares(bench, experiment, shards);
    for (;;) {
      const { state, error } = await database.prisma.samplingRun.findUniqueOrThrow({
        where: { id: sampling },
      });
      if (state === 'done') return sampling;
      if (state === 'failed') throw new Error(error ?? 'the sampling failed');
      await setTimeout(500);
    }
  });
  const { rows } = await database.pool.query(
    `SELECT count(*)::int AS writes, count(DISTINCT share)::int AS shares,
      extract(epoch FROM max(at) - min(at))::float AS seconds,
      (SELECT sum(claim)::int FROM "SamplingShard" WHERE "samplingRunId" = $1) AS claims,
      (SELECT count(*)::int FROM "SamplePoint" WHERE "samplingRunId" = $1) AS points
    FROM written WHERE sampling = $1`,
    [id],
  );
  const { writes, shares, seconds, claims, points } = rows[0];
  console.log(`| ${workers} workers, ${shards} shares whose computing takes no time | |
| --- | ---: |
| seconds | ${seconds.toFixed(1)} |
| shares a second | ${(shares / seconds).toFixed(0)} |
| claims | ${claims} |
| results written | ${writes} |
| shares with a result | ${shares} |
| points put together from them | ${points} |\n`);
  if (writes !== shards || shares !== shards) throw new Error('not every share was written once');
}

/** A share of one image that is really computed: the artifact that others are made from. */
async function oneShare(bench: PlatformBench, of: Omit<Parameters<typeof addExperiment>[1], 'samples'>) {
  const { database, queue } = bench;
  const experiment = await addExperiment(bench, { ...of, samples: 1 });
  const target = { metric: 'macs', share: 0.5 } as const;
  return bench.withWorkers(1, null, async () => {
    const [run] = await database.prisma.$transaction((transaction) =>
      startRuns(transaction, queue, experiment, [{ allocation: 'cie', criterion: 'l1', target, seed: 0 }]),
    );
    const samplingRunId = run?.samplingRunId ?? '';
    for (;;) {
      const shard = await database.prisma.samplingShard.findFirst({
        where: { samplingRunId, state: 'done' },
      });
      if (shard?.sha256) return shard.sha256;
      await setTimeout(200);
    }
  });
}

/** A sampling run of many small shares, which the product itself does not make: it cuts eight at most. */
async function sendShares(
  { database: { prisma }, queue }: PlatformBench,
  experiment: Awaited<ReturnType<typeof addExperiment>>,
  count: number,
): Promise<string> {
  const { model, dataset, teamId, grid, samples, seed } = experiment;
  const id = newId('sample');
  await prisma.samplingRun.create({
    data: {
      ...{ id, key: id, modelId: model.id, datasetId: dataset.id, criterion: 'l1', grid, samples, seed },
      ...{ networkHash: model.networkHash, datasetHash: dataset.hash },
    },
  });
  await prisma.samplingShard.createMany({
    data: Array.from({ length: count }, (_, index) => ({ samplingRunId: id, index, count, ticket: 1 })),
  });
  for (let from = 0; from < count; from += CHUNK) {
    const jobs = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => ({
      data: { kind: 'shard', samplingRunId: id, index: from + i, teamId, ticket: 1 },
      group: { id: teamId },
      priority: -from - i,
    }));
    await queue.boss.insert(queueOf('onnxruntime'), jobs);
  }
  return id;
}
