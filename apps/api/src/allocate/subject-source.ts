import { METRICS } from '@espalier/engines';
import { InputError } from '@espalier/errors';
import { MODEL_EXTENSION } from '@espalier/formats';
import { findCriterion, monotoneDrop, type SampledDrops } from '@espalier/pruning';
import { judgedBy, metadataOf, readAsOf, stored } from '@espalier/runs';
import { ArtifactCache, type DeviceProfile, type Model, type PrismaClient } from '@espalier/store';
import { ownItems } from '../access/reach.ts';
import { requireRole } from '../access/viewer.ts';
import type { Context } from '../graphql/context.ts';
import { findNode } from '../nodes/nodes.ts';
import type { NarrowSampling } from '../sampling/sampling-source.ts';
import { Kept } from './kept.ts';
import type { Subject } from './task.ts';

/** Samplings that are done stay as they are: a slider asks for one again and again. */
const KEPT = 32;
const known = new Kept<Pick<Subject, 'sampled' | 'order'>>(KEPT);
/** What a profile tells does not change either. */
const knownProfiles = new Kept<DeviceProfile>(KEPT);

/**
 * What structures are searched of: a sampling, its network, and what tells its time on a device.
 *
 * @returns null for a sampling run that there is not
 * @throws {InputError} for one that is not done, whose model is not there any more, or uses another network than the
 * profile
 */
export async function subjectOf(
  context: Context,
  samplingRunId: string,
  profileId: string | null,
): Promise<Subject | null> {
  const { database, artifacts, home } = context;
  const run = await findNode('sample', context, samplingRunId);
  if (!run) return null;
  const groups = stored('SamplingRun', 'groups', run.groups);
  if (run.state !== 'done' || !groups) {
    throw new InputError('the sampling is not done: wait until it is', 'samplingRun');
  }
  const model = await modelOf(context, run);
  if (!model) throw new InputError('the model of the sampling was deleted: restore it', 'samplingRun');
  const profile = profileId === null ? null : await profileOf(context, profileId, model.networkHash);
  const cache = new ArtifactCache(artifacts, home);
  const stamp = `${run.id} ${run.finishedAt?.getTime()}`;
  const { sampled, order } = await known.get(stamp, async () => ({
    sampled: await sampledDrops(database.prisma, run, groups.length),
    order: await storedOrder(database.prisma, run.id),
  }));
  return {
    ...{ key: `${stamp} ${model.sha256} ${profileId}`, name: model.name },
    file: await cache.file(model.sha256, MODEL_EXTENSION),
    metadata: model.metadataBeside ? metadataOf(model) : null,
    readAs: readAsOf(model),
    ...{ criterion: run.criterion, seed: run.seed, allowInexact: run.allowInexact },
    groups: groups.map(({ id }) => id),
    sampled,
    order: order ?? (await orderOfShare(database.prisma, cache, run)),
    profile: profile && {
      overheadMs: profile.overheadMs,
      kinds: stored('DeviceProfile', 'kinds', profile.kinds),
      network: { name: profile.networkName, hash: profile.networkHash },
    },
  };
}

/** From the values themselves: matrices of before 0.1 were kept with a digit less, by which ties would fall otherwise. */
async function sampledDrops(
  prisma: PrismaClient,
  run: NarrowSampling,
  groups: number,
): Promise<SampledDrops> {
  const points = await prisma.samplePoint.findMany({
    where: { samplingRunId: run.id },
    orderBy: [{ groupIndex: 'asc' }, { ratioIndex: 'asc' }],
    select: { removed: true, value: true, top1: true, loss: true },
  });
  const columns = run.grid.length;
  const folded = <T>(cells: readonly T[]) =>
    Array.from({ length: groups }, (_, g) => cells.slice(g * columns, (g + 1) * columns));
  const sign = directionOf(run) === 'lower' ? -1 : 1;
  // Rows of before there was a choice are of top-1.
  const base = sign * (run.baselineValue ?? run.baselineTop1 ?? 0);
  const drops = points.map(({ value, top1 }) => base - sign * (value ?? top1 ?? 0));
  const losses = points.flatMap(({ loss }) => (loss === null ? [] : [loss]));
  return {
    removed: folded(points.map(({ removed }) => removed)),
    monotoneDrop: monotoneDrop(folded(drops)),
    loss: losses.length === points.length ? folded(losses) : null,
    baseLoss: run.baselineLoss,
  };
}

function directionOf(run: NarrowSampling): 'higher' | 'lower' {
  const external = stored('SamplingRun', 'externalMetric', run.externalMetric);
  return external?.direction ?? METRICS[judgedBy(run).metric].direction;
}

/** Of an imported one. */
async function storedOrder(prisma: PrismaClient, id: string): Promise<Subject['order']> {
  const { order } = await prisma.samplingRun.findUniqueOrThrow({ where: { id }, select: { order: true } });
  return stored('SamplingRun', 'order', order) ?? null;
}

/** Where units were ranked by images, each share of the sampling says their order. */
async function orderOfShare(
  prisma: PrismaClient,
  cache: ArtifactCache,
  { id, criterion }: NarrowSampling,
): Promise<Subject['order']> {
  if (!findCriterion(criterion).evidence) return null;
  const share = await prisma.samplingShard.findFirst({
    where: { samplingRunId: id, sha256: { not: null } },
    orderBy: { index: 'asc' },
  });
  return share?.sha256 ? { share: await cache.file(share.sha256, '.json') } : null;
}

/** The model that was sampled; where that was deleted since, one with the same network. */
async function modelOf(
  context: Context,
  { modelId, networkHash }: NarrowSampling,
): Promise<Omit<Model, 'summary'> | null> {
  const model = await findNode('model', context, modelId);
  if (model) return model;
  const own = ownItems(requireRole(context.viewer, 'viewer'));
  return context.database.prisma.model.findFirst({
    where: { networkHash, ...own, deletedAt: null, project: { deletedAt: null } },
    orderBy: { createdAt: 'asc' },
  });
}

async function profileOf(context: Context, id: string, networkHash: string): Promise<DeviceProfile> {
  const found = await findNode('profile', context, id);
  if (!found) throw new InputError('there is no such device profile', 'profile');
  if (found.networkHash !== networkHash) {
    throw new InputError(
      `the profile is of "${found.networkName}", another network: name one of the model`,
      'profile',
    );
  }
  return knownProfiles.get(id, () =>
    context.database.prisma.deviceProfile.findUniqueOrThrow({ where: { id } }),
  );
}
