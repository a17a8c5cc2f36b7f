import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import { predictMs } from '@espalier/latency';
import { expect, it, onTestFinished } from 'vitest';
import { madeProfile } from '../../../packages/latency/test/made-profile.ts';
import { createApiKey } from '../src/people/api-keys.ts';
import { commandHere } from './command.ts';
import { type Member, RESNET20, startPlatform } from './platform.ts';

const { network } = await readNetwork(RESNET20);
const PROFILE = madeProfile(network);
/** Of the network as given, by the profile; what was measured is another number. */
const BASE_MS = predictMs(PROFILE, network);

async function uploaded(member: Member, fileName: string, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const { data } = await member.ask(
    'mutation ($fileName: String!) { createUpload(input: { fileName: $fileName }) { upload { id url } } }',
    { fileName },
  );
  const { id, url } = data.createUpload.upload;
  expect((await member.fetch(url, { method: 'PUT', body })).status).toBe(200);
  return id;
}

/** A team with a model, its profile on the device "made", and a data set that every worker knows. */
async function prepared(profile: object = PROFILE) {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const change = async (mutation: string, input: object) => {
    const { data, errors } = await editor.ask(mutation, { input });
    expect(errors).toBeUndefined();
    return data.payload;
  };
  const { project } = await change(
    'mutation ($input: CreateProjectInput!) { payload: createProject(input: $input) { project { id } } }',
    { name: 'p' },
  );
  const { model } = await change(
    'mutation ($input: RegisterModelInput!) { payload: registerModel(input: $input) { model { id } } }',
    {
      ...{ projectId: project.id, name: 'resnet20' },
      uploadId: await uploaded(editor, 'net.onnx', await readFile(RESNET20)),
    },
  );
  const { dataset } = await change(
    'mutation ($input: RegisterDatasetInput!) { payload: registerDataset(input: $input) { dataset { id } } }',
    { name: 'cifar10' },
  );
  const { deviceProfile } = await change(
    'mutation ($input: RegisterDeviceProfileInput!) { payload: registerDeviceProfile(input: $input) { deviceProfile { id device { id } } } }',
    { uploadId: await uploaded(editor, 'device.json', Buffer.from(JSON.stringify(profile))) },
  );
  const create = (input: object) =>
    change(
      `mutation ($input: CreateExperimentInput!) { payload: createExperiment(input: $input) {
        ok errors { message path } experiment { id deviceProfile { id device { name } } } } }`,
      { modelId: model.id, datasetId: dataset.id, name: 'e', samples: 100, ...input },
    );
  const start = (experimentId: string, targets: object[], strategy: object = { allocation: 'uniform' }) =>
    change(
      `mutation ($input: StartRunsInput!) { payload: startRuns(input: $input) {
        ok errors { message path } runs { id metric share targetMs } } }`,
      { experimentId, strategies: [strategy], targets },
    );
  return { platform, editor, change, create, start, model, datasetId: dataset.id, deviceProfile };
}

it('an experiment with a device profile takes latency as a target, as a share or in milliseconds', async () => {
  const { platform, editor, change, create, start, deviceProfile } = await prepared();
  const { experiment } = await create({ deviceProfileId: deviceProfile.id });
  expect(experiment.deviceProfile).toEqual({ id: deviceProfile.id, device: { name: 'made' } });
  const { runs } = await start(experiment.id, [
    { metric: 'LATENCY', share: 0.4 },
    { metric: 'LATENCY', ms: 0.9 },
    { metric: 'MACS', share: 0.5 },
  ]);
  const asked = runs.map(({ metric, share, targetMs }: Record<string, unknown>) => [metric, share, targetMs]);
  const [, [, share]] = asked;
  expect(asked).toEqual([
    ['LATENCY', 0.4, null],
    ['LATENCY', expect.closeTo(1 - 0.9 / BASE_MS, 9), 0.9],
    ['MACS', 0.5, null],
  ]);
  expect(share).toBeGreaterThan(0.2);

  // The widths that pay on the device are found where its profile is read.
  const kept = await platform.prisma.run.findMany({ select: { limits: true } });
  expect(kept.map(({ limits }) => limits)).toEqual(
    kept.map(() => ({ align: 'auto', minWidth: 1, maxRatio: 0.9, keep: [] })),
  );

  // A clone keeps what was asked for, until something else is.
  const clone = (edits: object) =>
    change(
      `mutation ($input: CloneRunInput!) { payload: cloneRun(input: $input) {
        ok errors { message path } run { metric share targetMs } } }`,
      { id: runs[1].id, ...edits },
    );
  expect((await clone({ seed: 2 })).run).toEqual({ metric: 'LATENCY', share, targetMs: 0.9 });
  expect((await clone({ share: 0.3 })).run).toEqual({ metric: 'LATENCY', share: 0.3, targetMs: null });
  expect((await clone({ ms: 1 })).run).toEqual({
    ...{ metric: 'LATENCY', targetMs: 1, share: expect.closeTo(1 - 1 / BASE_MS, 9) },
  });

  const remove = (ids: string[]) =>
    change(
      'mutation ($input: MoveToTrashInput!) { payload: moveToTrash(input: $input) { ok errors { message } } }',
      { ids },
    );
  // A clone of the experiment uses the same profile.
  const cloned = await change(
    `mutation ($input: CloneExperimentInput!) { payload: cloneExperiment(input: $input) {
      ok errors { message } experiment { id deviceProfile { id } } } }`,
    { id: experiment.id, seed: 5 },
  );
  expect(cloned).toMatchObject({ ok: true, experiment: { deviceProfile: { id: deviceProfile.id } } });
  expect((await remove([cloned.experiment.id])).ok).toBe(true);
  // It has to stay while something uses it.
  for (const id of [deviceProfile.id, deviceProfile.device.id]) {
    const { ok, errors } = await remove([id]);
    expect([ok, errors[0]?.message]).toEqual([false, 'experiment "e" uses it: delete that first']);
  }
  await platform.prisma.run.updateMany({ data: { state: 'cancelled' } });
  expect((await remove([experiment.id])).ok).toBe(true);
  expect((await remove([deviceProfile.id])).ok).toBe(true);
  const restored = await change(
    'mutation ($input: RestoreInput!) { payload: restore(input: $input) { ok errors { message } } }',
    { ids: [experiment.id] },
  );
  expect([restored.ok, restored.errors[0]?.message]).toEqual([
    false,
    expect.stringMatching(/is in the trash: restore that first$/),
  ]);
  const admin = await platform.member('admin', editor.teamId);
  const { data } = await admin.ask(
    'mutation ($input: PurgeInput!) { purge(input: $input) { ok errors { message } } }',
    { input: { ids: [deviceProfile.id] } },
  );
  expect(data.purge.ok).toBe(true);
  expect(await platform.prisma.experiment.count()).toBe(0);
});

it('refuses in one line what no latency is known of, and what cannot be reached', async () => {
  const { create, start, deviceProfile } = await prepared();
  const { experiment: without } = await create({});
  const refused = async (answer: Promise<{ ok: boolean; errors: { path: string[]; message: string }[] }>) => {
    const { ok, errors } = await answer;
    expect(ok).toBe(false);
    return [errors[0]?.path.join('.'), errors[0]?.message];
  };
  expect(await refused(start(without.id, [{ metric: 'LATENCY', share: 0.5 }]))).toEqual([
    'targets.0',
    'a latency target needs a device profile: give the experiment one of its model',
  ]);
  expect(await refused(create({ deviceProfileId: 'profile_none' }))).toEqual([
    'deviceProfileId',
    'there is no such device profile',
  ]);
  const made = await create({ deviceProfileId: deviceProfile.id, name: 'with one' });
  expect(made.errors).toEqual([]);
  const { experiment } = made;
  const target = (given: object) => refused(start(experiment.id, [given]));
  expect(await target({ metric: 'LATENCY', share: 0.99 })).toEqual([
    'targets.0',
    expect.stringMatching(
      /^target latency=0\.99 cannot be reached: the largest reachable saving is 0\.\d+ of the latency \(\S+ of \S+ ms are left\)/,
    ),
  ]);
  expect(await target({ metric: 'LATENCY', ms: 50 })).toEqual([
    'targets.0',
    expect.stringMatching(
      /^target latency=50ms: the profile predicts \S+ ms for the unpruned network; give less$/,
    ),
  ]);
  expect(await target({ metric: 'MACS', ms: 1 })).toEqual([
    'targets.0.ms',
    'target.ms: only latency takes milliseconds: give a share, not 1',
  ]);
  expect((await target({ metric: 'MACS' }))[0]).toBe('targets.0.share');
});

const START = `mutation ($input: StartBenchmarkInput!) { payload: startBenchmark(input: $input) {
  ok errors { message path } benchmark { id plan { device targets { metric share ms } } } } }`;

it('a benchmark takes targets of latency by the device that its section names', async () => {
  const { platform, editor, change, model, datasetId, deviceProfile } = await prepared();
  const { prisma } = platform;
  const section = {
    ...{ title: 'Timed', strategies: ['uniform:l1'], targets: ['latency=0.3', 'latency=0.9ms'] },
    ...{ samples: 100, repair: 0 },
  };
  const begin = (edits: object) =>
    change(START, {
      ...{ name: 'b', datasetId, modelIds: [model.id], grid: '0.3' },
      sections: [{ ...section, ...edits }],
    });
  const refused = async (edits: object) => {
    const { ok, errors } = await begin(edits);
    expect(ok).toBe(false);
    return [errors[0]?.path.join('.'), errors[0]?.message];
  };
  expect(await refused({})).toEqual([
    'sections',
    'section "Timed": latency targets need a device profile: name its device in the section ("device": "NAME"); devices of the team: made',
  ]);
  expect(await refused({ device: 'board' })).toEqual([
    'sections',
    'section "Timed": the team has no device "board" with a profile; devices of the team: made',
  ]);
  expect((await refused({ device: 'made', targets: ['latency=50ms'] }))[1]).toMatch(
    /^section "Timed": target latency=50ms: the profile predicts \S+ ms for the unpruned network; give less$/,
  );
  expect(await prisma.benchmark.count()).toBe(0);

  const { errors, benchmark } = await begin({ device: 'Made' });
  expect(errors).toEqual([]);
  expect(benchmark.plan).toEqual([
    {
      device: 'Made',
      targets: [
        { metric: 'LATENCY', share: 0.3, ms: null },
        { metric: 'LATENCY', share: null, ms: 0.9 },
      ],
    },
  ]);
  const runs = await prisma.run.findMany({
    where: { experiment: { benchmarkId: benchmark.id } },
    include: { experiment: true },
    orderBy: { targetMs: { sort: 'asc', nulls: 'first' } },
  });
  expect(runs.map(({ metric, share, targetMs }) => [metric, share, targetMs])).toEqual([
    ['latency', 0.3, null],
    ['latency', expect.closeTo(1 - 0.9 / BASE_MS, 9), 0.9],
  ]);
  for (const { experiment } of runs) expect(experiment.profileId).toBe(deviceProfile.id);

  // What workers have computed is found again, milliseconds by what they came to.
  const file = await prisma.model.findFirstOrThrow({ select: { sha256: true } });
  const hits = Buffer.from('ff', 'hex');
  await prisma.run.updateMany({ data: { state: 'finished' } });
  await prisma.prunedResult.createMany({
    data: runs.map(({ id, share }) => ({
      ...{ runId: id, ...file, networkHash: id, params: 1, macs: 1, savedParams: 0.5, savedMacs: 0.5 },
      ...{ savedLatency: share, structure: [], trace: [], seconds: {}, provenance: {}, images: 8 },
      ...{ top1: 1, loss: 0, hits, prunedTop1: 1, prunedLoss: 0, prunedHits: hits },
    })),
  });
  const { data } = await editor.ask(`{ benchmarkSections(id: "${benchmark.id}") {
    missing conditions tables { title heads rows } rows { cells { savedLatency } } } }`);
  const [told] = data.benchmarkSections;
  expect(told.missing).toBe(0);
  expect(told.conditions).toContain('times predicted by the profile of the device Made');
  expect(told.tables[1]).toMatchObject({ title: 'savings', heads: ['strategy', '30 % latency', '0.9 ms'] });
  expect(told.rows[0].cells).toEqual([
    { savedLatency: 0.3 },
    { savedLatency: expect.closeTo(1 - 0.9 / BASE_MS, 9) },
  ]);
});

it('refuses a profile of another network', async () => {
  const other = { ...PROFILE, network: { name: 'another', hash: 'a'.repeat(64) } };
  const { create, deviceProfile } = await prepared(other);
  const { ok, errors } = await create({ deviceProfileId: deviceProfile.id });
  expect(ok).toBe(false);
  expect(errors).toEqual([
    {
      path: ['deviceProfileId'],
      message: expect.stringMatching(/^the profile is of another network \("another"\), not of "resnet20"/),
    },
  ]);
});

it('the command asks for milliseconds on a device by its name', async () => {
  const { platform, editor, model } = await prepared();
  const home = await mkdtemp(path.join(tmpdir(), 'espalier-latency-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const { key } = await createApiKey(
    platform.prisma,
    { teamId: editor.teamId, userId: editor.userId },
    { name: 'k', role: 'editor' },
  );
  const espalier = commandHere(home, { ESPALIER_ADDRESS: platform.address, ESPALIER_KEY: key });
  const create = (...more: string[]) =>
    espalier(
      ...['experiments', 'create', '--model', model.id, '--dataset', 'cifar10', '--name', 'fast'],
      ...['--strategy', 'uniform', '--samples', '100', '--json', ...more],
    );
  const made = await create('--target', 'latency=0.9ms', '--target', 'latency=0.3', '--device', 'MADE');
  expect(made.stderr).toBe('');
  const runs = await platform.prisma.run.findMany({
    where: { id: { in: JSON.parse(made.stdout).runs } },
    orderBy: { id: 'asc' },
  });
  expect(runs.map(({ metric, targetMs }) => [metric, targetMs])).toEqual([
    ['latency', 0.9],
    ['latency', null],
  ]);
  const none = await create('--target', 'latency=0.5');
  expect([none.code, none.stderr]).toEqual([
    2,
    expect.stringContaining('needs a device profile: give --device NAME'),
  ]);
  const unknown = await create('--target', 'latency=0.5', '--device', 'board');
  expect(unknown.stderr).toContain('the team has no device "board" with a profile, but made');
  await platform.prisma.deviceProfile.updateMany({ data: { networkHash: 'b'.repeat(64) } });
  const other = await create('--target', 'latency=0.5', '--device', 'made');
  expect(other.stderr).toContain('the device "made" has no profile of "resnet20": make one on it');
});
