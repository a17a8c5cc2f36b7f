import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { InputError } from '@espalier/errors';
import { profileText } from '@espalier/latency';
import {
  beginMeasuring,
  claimProfiling,
  endProfiling,
  failProfiling,
  giveBackProfiling,
  LostClaim,
  NOTHING_TOLD,
  othersAtWork,
  PROFILE_MEDIA_TYPE,
  type ProfilingJob,
  type Progress,
  patiently,
  told,
  writeProfiling,
} from '@espalier/runs';
import { type PrismaClient, type Profiling, registerArtifact } from '@espalier/store';
import { modelOf } from './files.ts';
import { CancelledRun, GIVEN_UP, GivenBack, type WorkerContext } from './handler.ts';

/** How often is looked whether the machine's other workers have ended what they were at. */
const LOOK_MS = 1000;
/** Workers look for leases this often; what one took in the moment before shows by then. */
const HEARD_MS = 2000;

/**
 * Measures a profile on this machine, once nothing else is computed here.
 *
 * @param clear resolves when this worker itself is at nothing else, and takes nothing else
 * @returns what became of it, for people
 */
export async function handleProfiling(
  context: WorkerContext,
  job: ProfilingJob,
  signal: AbortSignal,
  clear: () => Promise<void>,
): Promise<string> {
  const { prisma } = context.database;
  const claim = await claimProfiling(prisma, job, context.workerId);
  if (!claim) return 'nothing left to do';
  try {
    await unlessAborted(Promise.all([clear(), othersClear(context, signal)]), signal);
    await patiently(() => beginMeasuring(prisma, claim), signal);
    await measure(context, claim, signal);
  } catch (error) {
    if (error instanceof LostClaim) return 'lost to another worker, or cancelled';
    if (error instanceof CancelledRun) return 'cancelled';
    if (error instanceof InputError) {
      await failProfiling(prisma, claim, error.message);
      return `failed: ${error.message}`;
    }
    if (error instanceof GivenBack) {
      await giveBackProfiling(prisma, context.queue, claim);
      return `given back: ${error.message}`;
    }
    throw error;
  }
  return 'measured';
}

/** One whose workers died again and again. */
export async function giveUpProfiling(
  { database: { prisma } }: WorkerContext,
  { profilingId: id, ticket }: ProfilingJob,
): Promise<void> {
  await failProfiling(prisma, { id, ticket }, GIVEN_UP);
}

/** Workers of the same machine take nothing while it is leased; what they are at, they end. */
async function othersClear(
  { database: { prisma }, host, workerId }: WorkerContext,
  signal: AbortSignal,
): Promise<void> {
  const since = new Date(Date.now() + HEARD_MS);
  while ((await patiently(() => othersAtWork(prisma, { host, workerId, since }), signal)) > 0) {
    await setTimeout(LOOK_MS, undefined, { signal });
  }
}

/** Rejects with the signal's reason as soon as it is aborted: what this worker is at may take hours. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

async function measure(context: WorkerContext, claim: Profiling, signal: AbortSignal): Promise<void> {
  const { database, artifacts, cache, home, engine } = context;
  const { prisma } = database;
  const { id, modelId, deviceName: device, threads, batch, structures } = claim;
  const model = await prisma.model.findUniqueOrThrow({ where: { id: modelId } });
  // It outlives this process: what was measured before it died is not measured again on this machine.
  const folder = await cache.derivedFolder(model.sha256, id);
  let now = NOTHING_TOLD;
  try {
    const result = await context.compute(
      {
        kind: 'profiling',
        model: await modelOf(cache, model),
        place: { home, derived: folder, engine, threads },
        ...{ device, batch, structures, journal: path.join(folder, 'profile.part') },
      },
      {
        progress: ({ done, total }) => {
          now = told(now, done, total, new Date());
          // Only told, never relied on.
          void tellProgress(prisma, claim, now).catch(() => {});
        },
      },
      signal,
    );
    if (result.kind !== 'profiling') throw new Error('a profile was asked for, and something else came');
    const { profile, stairs } = result;
    const stored = await artifacts.put(Readable.from([Buffer.from(profileText(profile))]));
    await patiently(
      () =>
        writeProfiling(prisma, claim, async (transaction) => {
          await registerArtifact(transaction, artifacts, stored, PROFILE_MEDIA_TYPE);
          await endProfiling(transaction, claim, { profile, stairs, sha256: stored.sha256 });
        }),
      signal,
    );
  } catch (error) {
    // Somebody goes on with it.
    if (!(error instanceof InputError || error instanceof CancelledRun)) throw error;
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await rm(folder, { recursive: true, force: true });
}

async function tellProgress(
  prisma: PrismaClient,
  { id, claim }: Pick<Profiling, 'id' | 'claim'>,
  { done, total, since, from, at }: Progress,
): Promise<void> {
  await prisma.profiling.updateMany({
    where: { id, claim, state: 'measuring' },
    data: { done, total, since, sinceDone: from, toldAt: at },
  });
}
