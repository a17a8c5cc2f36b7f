import { createHash } from 'node:crypto';
import type { PrismaClient } from '@espalier/store';
import {
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { createApiKey } from '../src/people/api-keys.ts';
import { client, type Platform, startPlatform } from './platform.ts';
import { foreignTeam } from './rights-rules.ts';

/** Roots that take something, as of what is the asker's own; those that take nothing follow from the schema. */
const WITH_ARGUMENTS: Readonly<Record<string, string>> = {
  analysis: 'analysis(filter: {})',
  comparison: 'comparison(filter: {})',
  compression: 'compression(filter: {})',
  dataset: 'dataset(id: "data_o")',
  device: 'device(id: "device_o")',
  deviceProfile: 'deviceProfile(id: "profile_o")',
  measurement: 'measurement(id: "measurement_o")',
  profiling: 'profiling(id: "profiling_o")',
  experiment: 'experiment(id: "exp_o")',
  model: 'model(id: "model_o")',
  ratioFront: 'ratioFront(filter: {})',
  ratioSummary: 'ratioSummary(by: [MODEL, PROJECT, DATASET])',
  project: 'project(id: "proj_o")',
  run: 'run(id: "run_o")',
  samplingRun: 'samplingRun(id: "sample_o")',
  webhook: 'webhook(id: "hook_o")',
};

it('no field of what is one’s own leads to what is not', { timeout: 300_000 }, async () => {
  const platform = await startPlatform();
  const on = await foreignTeam(platform);
  const stranger = await platform.member('admin');
  await ownThings(platform, stranger.teamId, 'o');
  const limited = await ownThings(platform, on.teamId, 'l');
  await inTrash(platform, stranger.teamId, 'o');
  await inTrash(platform, on.teamId, 'l');
  const viewer = await platform.member('viewer', stranger.teamId);
  const { teamId, userId } = on;
  const may = { name: 'limited', role: 'admin', projectIds: [limited] } as const;
  const key = client(platform.address, (await createApiKey(platform.prisma, { teamId, userId }, may)).key);
  const queries = walked(await createSchema());
  expect(queries.length).toBeGreaterThan(50);
  const foreign =
    /"(proj|model|exp|run|sample|bench|view|upload|key|invite|audit|profiling|hook|delivery|link)_f"|host_f/;
  let seen = 0;
  for (const query of queries) {
    const asked = await Promise.all(
      [
        { who: 'another team', asker: stranger, ids: 'o' },
        { who: 'a viewer of another team', asker: viewer, ids: 'o' },
        { who: 'a key of the team for another project', asker: key, ids: 'l' },
      ].map(async ({ who, asker, ids }) => {
        const text = JSON.stringify(await asker.ask(query.replaceAll('_o"', `_${ids}"`)));
        return { who, text, ids };
      }),
    );
    for (const { who, text, ids } of asked) {
      expect(text, `${who}: ${query}`).not.toMatch(foreign);
      expect(text, `${who}: ${query}`).not.toMatch(/GRAPHQL_VALIDATION_FAILED|INTERNAL_SERVER_ERROR/);
      if (ids === 'o') expect(text, `${who}: ${query}`).not.toMatch(/theirs|"(data|pub|device|profile)_f"/);
      if (!query.startsWith('{ trash')) expect(text, `${who}: ${query}`).not.toMatch(TRASH);
      if (text.includes(`_${ids}"`)) seen++;
    }
  }
  // What is one's own is there: the questions are no empty ones.
  expect(seen).toBeGreaterThan(30);
});

/** Where fields lead, and the query that leads there. */
interface Place {
  readonly type: GraphQLOutputType;
  readonly ask: (selection: string) => string;
}

/** A query for each field that leads to an object, by the shortest way to it, for all that stands at its end. */
function walked(schema: GraphQLSchema): string[] {
  const query = schema.getQueryType();
  if (!query) throw new Error('there are queries');
  const open = Object.values(query.getFields()).flatMap(({ name, type, args }): Place[] => {
    const root = WITH_ARGUMENTS[name] ?? (args.some(isRequiredArgument) ? null : name);
    return root === null ? [] : [{ type, ask: (selection) => `{ ${root} ${selection} }` }];
  });
  const queries: string[] = [];
  const entered = new Set<string>();
  for (const { type: output, ask } of open) {
    const type = getNamedType(output);
    if (isLeafType(type)) queries.push(ask(''));
    if (!isObjectType(type)) continue;
    const free = Object.values(type.getFields()).filter(({ args }) => !args.some(isRequiredArgument));
    const leaves = free.filter((field) => isLeafType(getNamedType(field.type))).map(({ name }) => name);
    // Of a connection the nodes say what is in it.
    const isConnection = type.name.endsWith('Connection');
    if (leaves.length > 0 && !isConnection) queries.push(ask(`{ ${leaves.join(' ')} }`));
    if (!isConnection && entered.has(type.name)) continue;
    entered.add(type.name);
    for (const field of free) {
      if (isLeafType(getNamedType(field.type)) || (isConnection && field.name !== 'nodes')) continue;
      const beside = isConnection ? 'totalCount ' : '';
      open.push({ type: field.type, ask: (selection) => ask(`{ ${beside}${field.name} ${selection} }`) });
    }
  }
  return queries;
}

/** A project with a model, an experiment, a finished run and its sampling, like those of the foreign team. */
async function ownThings({ prisma }: Platform, teamId: string, mark: string): Promise<string> {
  const id = (kind: string) => `${kind}_${mark}`;
  const theirs = { model: 'model_f', dataset: 'data_f', sampling: 'sample_f' };
  const { sha256, networkHash } = await prisma.model.findUniqueOrThrow({ where: { id: theirs.model } });
  const { hash, classes } = await prisma.dataset.findUniqueOrThrow({ where: { id: theirs.dataset } });
  const [projectId, modelId, datasetId] = [id('proj'), id('model'), id('data')];
  await prisma.project.create({ data: { id: projectId, teamId, name: mark } });
  // The same file and the same images as the others have.
  const counted = { params: 1, macs: 1, summary: {} };
  await prisma.model.create({
    data: { id: modelId, teamId, projectId, name: mark, sha256, networkHash, ...counted },
  });
  await prisma.dataset.create({
    data: { id: datasetId, teamId, name: mark, builtIn: 'mnist', hash, classes },
  });
  await prisma.device.create({
    data: { id: id('device'), teamId, name: mark, cpu: mark, cores: 1, platform: mark },
  });
  const { id: _theirs, ...profile } = await prisma.deviceProfile.findUniqueOrThrow({
    where: { id: 'profile_f' },
    omit: { stairs: true },
  });
  const filed = {
    ...profile,
    kinds: [],
    heldOut: [],
    sha256: await ownFile(prisma, mark),
    networkName: mark,
  };
  await prisma.deviceProfile.create({
    data: { ...filed, id: id('profile'), teamId, deviceId: id('device'), createdById: null },
  });
  const { id: _measured, ...timed } = await prisma.measurement.findUniqueOrThrow({
    where: { id: 'measurement_f' },
  });
  await prisma.measurement.create({
    data: {
      ...{ ...timed, id: id('measurement'), teamId, deviceId: id('device'), hash: mark, networkName: mark },
      createdById: null,
    },
  });
  await prisma.profiling.create({
    data: {
      ...{ id: id('profiling'), teamId, modelId, host: mark, deviceId: id('device'), deviceName: mark },
      ...{ threads: 1, batch: 1, structures: 2, profileId: id('profile') },
    },
  });
  const parts = { teamId, projectId, modelId, datasetId };
  await prisma.experiment.create({
    data: { id: id('exp'), ...parts, name: mark, samples: 1, grid: [0.5], seed: 0 },
  });
  await prisma.samplingRun.create({
    data: {
      ...{ id: id('sample'), key: mark, modelId, datasetId, networkHash, datasetHash: hash },
      ...{ criterion: 'l1', grid: [0.5], samples: 1, seed: 0 },
    },
  });
  await prisma.run.create({
    data: {
      ...{ id: id('run'), teamId, experimentId: id('exp'), samplingRunId: id('sample'), allocation: 'cie' },
      ...{ criterion: 'l1', metric: 'macs', share: 0.5, seed: 0, tags: [mark] },
    },
  });
  await prisma.publicLink.create({
    data: {
      ...{ id: id('link'), teamId, kind: 'run', title: mark, subjectId: id('run'), runIds: [id('run')] },
      ...{ hash: mark, page: new Uint8Array() },
    },
  });
  const hook = { id: id('hook'), teamId, url: 'https://example.org/', secret: mark, events: ['run.failed'] };
  const delivery = { id: id('delivery'), event: 'run.failed', subjectId: id('run'), body: mark };
  await prisma.webhook.create({ data: { ...hook, deliveries: { create: delivery } } });
  return projectId;
}

/** A profile is there once in a team. */
async function ownFile({ artifact }: PrismaClient, mark: string): Promise<string> {
  const sha256 = createHash('sha256').update(mark).digest('hex');
  await artifact.create({ data: { sha256, bytes: 1, mediaType: 'application/json' } });
  return sha256;
}

/** Ids and names of what {@link inTrash} makes. */
const TRASH = /_[ol]1?[tuv]"|gone/;

/**
 * A project that was deleted, an experiment that was and a run that was, all beside what is there: of the same
 * network, on the same images, by the same sampling.
 */
async function inTrash({ prisma }: Platform, teamId: string, mark: string): Promise<void> {
  const deletedAt = new Date();
  const [model, dataset, sampling] = [`model_${mark}`, `data_${mark}`, `sample_${mark}`];
  const {
    id: _model,
    teamId: _team,
    readAs: _readAs,
    ...network
  } = await prisma.model.findUniqueOrThrow({ where: { id: model } });
  const {
    id: _sampling,
    order: _order,
    externalMetric: _metric,
    source: _source,
    outputWeights: _weights,
    ...sampled
  } = await prisma.samplingRun.findUniqueOrThrow({
    where: { id: sampling },
  });
  const parts = { teamId, name: 'gone', samples: 1, grid: [0.5], seed: 0, datasetId: dataset };
  const projectId = `proj_${mark}`;
  await prisma.device.create({
    data: { id: `device_${mark}t`, teamId, name: 'gone', cpu: 'gone', cores: 1, platform: 'gone', deletedAt },
  });
  const { id: _profile, ...profile } = await prisma.deviceProfile.findUniqueOrThrow({
    where: { id: `profile_${mark}` },
    omit: { stairs: true },
  });
  const filed = { ...profile, kinds: [], heldOut: [], networkName: 'gone' };
  await prisma.deviceProfile.createMany({
    data: [
      {
        ...{ ...filed, id: `profile_${mark}t`, deviceId: `device_${mark}t` },
        sha256: await ownFile(prisma, `${mark}t`),
      },
      { ...filed, id: `profile_${mark}u`, deletedAt },
    ],
  });
  await prisma.project.create({ data: { id: `proj_${mark}t`, teamId, name: 'gone', deletedAt } });
  await prisma.model.create({
    data: {
      ...{ ...network, summary: {}, metadata: {} },
      ...{ id: `model_${mark}t`, teamId, projectId: `proj_${mark}t`, name: 'gone' },
    },
  });
  await prisma.experiment.createMany({
    data: [
      { id: `exp_${mark}t`, ...parts, projectId: `proj_${mark}t`, modelId: `model_${mark}t` },
      { id: `exp_${mark}u`, ...parts, projectId, modelId: model, deletedAt },
    ],
  });
  await prisma.samplingRun.createMany({
    data: ['u', 'v'].map((one) => ({
      ...{ ...sampled, groups: [] },
      ...{ id: `sample_${mark}${one}`, key: `${mark}${one}`, criterion: 'gone' },
    })),
  });
  const run = { teamId, allocation: 'uniform', criterion: 'l1', metric: 'macs', share: 0.5, tags: ['gone'] };
  await prisma.run.createMany({
    data: [
      { id: `run_${mark}t`, ...run, experimentId: `exp_${mark}t`, samplingRunId: sampling, seed: 0 },
      ...[sampling, `sample_${mark}u`].map((samplingRunId, seed) => ({
        ...{
          id: `run_${mark}${seed === 0 ? '' : '1'}u`,
          ...run,
          experimentId: `exp_${mark}u`,
          samplingRunId,
          seed,
        },
      })),
      ...[sampling, `sample_${mark}v`].map((samplingRunId, seed) => ({
        ...{
          id: `run_${mark}${seed === 0 ? '' : '1'}v`,
          ...run,
          experimentId: `exp_${mark}`,
          samplingRunId,
          seed,
        },
        deletedAt,
      })),
    ],
  });
}
