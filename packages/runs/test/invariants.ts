import { createHash } from 'node:crypto';
import type { ArtifactStore, PrismaClient } from '@espalier/store';
import { isOver } from '../src/index.ts';

/**
 * What must hold at every moment, whatever died: everything that is not over has a job, everything is written
 * once, and what is referred to is there. One line for each thing that is not so.
 */
export async function brokenInvariants(prisma: PrismaClient, artifacts: ArtifactStore): Promise<string[]> {
  const runs = await brokenRuns(prisma);
  const samplings = await brokenSamplings(prisma);
  const recomputations = await brokenRecomputations(prisma);
  return [...runs, ...samplings, ...recomputations, ...(await brokenArtifacts(prisma, artifacts))];
}

async function brokenRuns(prisma: PrismaClient): Promise<string[]> {
  // One look at everything: between two, the world moves on.
  const [runs, jobs] = await prisma.$transaction(
    [
      prisma.run.findMany({
        include: { result: true, samplingRun: true, events: { orderBy: { seq: 'asc' } } },
      }),
      // An older ticket claims nothing.
      prisma.$queryRaw<{ run: string }[]>`
        SELECT run.id AS run FROM queue.job JOIN "Run" run ON run.id = data->>'runId'
        WHERE job.state < 'completed' AND run.ticket = (data->>'ticket')::int`,
    ],
    { isolationLevel: 'RepeatableRead' },
  );
  const delivered = new Set(jobs.map(({ run }) => run));
  return runs.flatMap(({ id, state, result, samplingRun, events }) => {
    const broken: string[] = [];
    if (!isOver(state) && state !== 'sampling' && !delivered.has(id))
      broken.push(`is ${state}, without a job`);
    if (state === 'sampling' && (!samplingRun || ['done', 'failed'].includes(samplingRun.state))) {
      broken.push(`waits for a sampling that is ${samplingRun?.state ?? 'not there'}`);
    }
    if ((state === 'finished') !== (result !== null)) {
      broken.push(`is ${state} with ${result ? 'a' : 'no'} result`);
    }
    if (events.some(({ seq }, i) => seq !== i + 1)) {
      broken.push(`has events ${events.map(({ seq }) => seq).join(' ')}`);
    }
    const last = events.findLast(({ kind }) => kind === 'state');
    if (isOver(state) && (last?.data as { state?: string } | undefined)?.state !== state) {
      broken.push(`is ${state}, and its last event says something else`);
    }
    for (const twice of toldTwice(events)) broken.push(`tells ${twice} twice under one claim`);
    return broken.map((problem) => `run ${id} ${problem}`);
  });
}

/** States and epochs that a claim tells more than once; it is evaluated before a training and behind it. */
function toldTwice(events: readonly { readonly kind: string; readonly data: unknown }[]): string[] {
  const twice: string[] = [];
  let told = new Set<string>();
  let before: string | undefined;
  for (const { kind, data } of events) {
    if (kind === 'claimed' || kind === 'retried') {
      told = new Set();
      before = undefined;
    }
    if (kind !== 'state' && kind !== 'epoch') continue;
    const { state, epoch } = data as { state?: string; epoch?: number };
    const isJudged = state === 'evaluating' && before !== 'evaluating';
    const key = `${kind} ${state ?? epoch}${isJudged ? ` behind ${before}` : ''}`;
    before = state ?? before;
    if (told.has(key)) twice.push(key);
    told.add(key);
  }
  return twice;
}

async function brokenSamplings(prisma: PrismaClient): Promise<string[]> {
  const [samplings, jobs] = await prisma.$transaction(
    [
      prisma.samplingRun.findMany({
        include: { shards: true, contribution: true, _count: { select: { points: true } } },
      }),
      prisma.$queryRaw<{ sampling: string; index: number }[]>`
        SELECT shard."samplingRunId" AS sampling, shard.index FROM queue.job
        JOIN "SamplingShard" shard
          ON shard."samplingRunId" = data->>'samplingRunId' AND shard.index = (data->>'index')::int
        WHERE job.state < 'completed' AND shard.ticket = (data->>'ticket')::int`,
    ],
    { isolationLevel: 'RepeatableRead' },
  );
  return samplings.flatMap(({ id, state, grid, groups, shards, contribution, _count }) => {
    const broken: string[] = [];
    const mine = jobs.filter(({ sampling }) => sampling === id);
    const open = shards.filter((shard) => shard.state !== 'done');
    if (state === 'done') {
      if (open.length > 0) broken.push(`is done without its shares ${open.map(({ index }) => index)}`);
      const expected = (groups as unknown[]).length * grid.length;
      if (_count.points !== expected) broken.push(`has ${_count.points} points, not ${expected}`);
    } else {
      if (_count.points > 0 || contribution) broken.push(`is ${state}, and has points`);
      if (state !== 'failed') {
        for (const { index } of open) {
          if (!mine.some((job) => job.index === index)) broken.push(`has no job for its share ${index}`);
        }
        if (open.length === 0 && mine.length === 0) broken.push('has all shares, and nobody to join them');
      }
    }
    return broken.map((problem) => `sampling ${id} ${problem}`);
  });
}

async function brokenRecomputations(prisma: PrismaClient): Promise<string[]> {
  const [rows, jobs] = await prisma.$transaction(
    [
      prisma.recomputation.findMany({ include: { result: true } }),
      prisma.$queryRaw<{ id: string }[]>`
        SELECT row.id FROM queue.job JOIN "Recomputation" row ON row.id = data->>'recomputationId'
        WHERE job.state < 'completed' AND row.ticket = (data->>'ticket')::int`,
    ],
    { isolationLevel: 'RepeatableRead' },
  );
  const delivered = new Set(jobs.map(({ id }) => id));
  return rows.flatMap(({ id, state, value, result }) => {
    const broken: string[] = [];
    const isOpen = state === 'waiting' || state === 'running';
    if (isOpen && !delivered.has(id)) broken.push(`is ${state}, without a job`);
    if ((state === 'done') !== (value !== null)) broken.push(`is ${state} with the value ${value}`);
    if (result && state !== 'done') broken.push(`is ${state}, and stands beside a result`);
    return broken.map((problem) => `recomputation ${id} ${problem}`);
  });
}

async function brokenArtifacts(prisma: PrismaClient, artifacts: ArtifactStore): Promise<string[]> {
  const broken: string[] = [];
  for (const { sha256 } of await prisma.artifact.findMany({ select: { sha256: true } })) {
    const bytes = await artifacts.get(sha256);
    const hash = createHash('sha256');
    for await (const part of bytes ?? []) hash.update(part);
    if (!bytes) broken.push(`artifact ${sha256} is not in the store`);
    else if (hash.digest('hex') !== sha256) broken.push(`artifact ${sha256} has other bytes`);
  }
  return broken;
}
