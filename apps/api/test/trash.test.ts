import { Readable } from 'node:stream';
import { newId, type PrismaClient, registerArtifact } from '@espalier/store';
import { expect, it } from 'vitest';
import { type Member, type Platform, startPlatform } from './platform.ts';
import { type Filled, fillTeam } from './runs-data.ts';

it('what is deleted is out of sight with all that lies in it, and its name is free', async () => {
  const { editor, filled, prisma } = await team();
  const [experimentId = ''] = filled.experimentIds;
  const [projectId = ''] = filled.projectIds;
  const under = await prisma.run.count({
    where: { experimentId, state: { notIn: ['finished', 'failed', 'cancelled'] } },
  });
  expect(under).toBeGreaterThan(0);
  expect(await trash(editor, [experimentId])).toMatch(/under way: cancel first, then delete/);
  await prisma.run.updateMany({ data: { state: 'finished' } });
  expect(await trash(editor, [filled.modelIds[0] ?? ''])).toMatch(/uses it: delete that first/);
  expect(await trash(editor, [experimentId, 'exp_none'])).toBe('there is no such experiment');
  const before = await seen(editor);
  expect(await trash(editor, [experimentId])).toBe(null);
  const after = await seen(editor);
  const own = await prisma.run.count({ where: { experimentId } });
  expect(after).toMatchObject({ runs: before.runs - own, experiments: before.experiments - 1 });
  const [runId = ''] = (await prisma.run.findMany({ where: { experimentId } })).map(({ id }) => id);
  const gone = await editor.ask(
    `{ run(id: "${runId}") { id } node(id: "${experimentId}") { id } structures(runIds: ["${runId}"]) { run { id } } }`,
  );
  expect(gone.data).toEqual({ run: null, node: null, structures: [] });
  const rename = `mutation { rename(input: { id: "${filled.experimentIds[3]}", name: "Experiment 0" }) { ok errors { message } } }`;
  expect((await editor.ask(rename)).data.rename.ok).toBe(true);
  const restored = `mutation { restore(input: { ids: ["${experimentId}"] }) { ok errors { message } } }`;
  expect((await editor.ask(restored)).data.restore.errors[0].message).toBe(
    'this name is taken: choose another one, or rename what has it',
  );
  await editor.ask(rename.replace('Experiment 0', 'Another'));
  expect((await editor.ask(restored)).data.restore.ok).toBe(true);
  expect(await seen(editor)).toEqual(before);

  expect(await trash(editor, [projectId])).toBe(null);
  expect((await seen(editor)).projects).toBe(1);
  expect((await editor.ask(restored)).data.restore.errors[0].message).toMatch(/in the trash/);
  const { data } = await editor.ask('{ trash { totalCount nodes { reference name } } }');
  expect(data.trash).toEqual({ totalCount: 1, nodes: [{ reference: projectId, name: 'Project 0' }] });
  await editor.ask(`mutation { restore(input: { ids: ["${projectId}"] }) { ok } }`);
  expect(await seen(editor)).toEqual(before);
});

it('a purge takes rows and files away for good, but not files that somebody refers to', async () => {
  const { admin, editor, filled, prisma, platform } = await team();
  const other = await platform.member('admin');
  const shared = await stored(platform, 'shared bytes');
  const own = await stored(platform, 'own bytes');
  const theirs = await fillTeam(prisma, other.teamId, { runs: 1, seed: 4 });
  const [modelId = '', keptId = ''] = filled.modelIds;
  await prisma.model.update({ where: { id: modelId }, data: { sha256: shared } });
  await prisma.model.update({ where: { id: theirs.modelIds[0] ?? '' }, data: { sha256: shared } });
  const [runId = ''] = filled.runIds;
  const samplingRunId = `sample_${admin.teamId}_00000`;
  await prisma.run.updateMany({ data: { state: 'finished' } });
  await prisma.prunedResult.updateMany({
    where: { run: { experiment: { modelId } } },
    data: { sha256: own },
  });
  const experiments = await prisma.experiment.findMany({ where: { modelId } });
  const ofModel = await prisma.run.findFirstOrThrow({ where: { experiment: { modelId } } });
  const repaired = await stored(platform, 'repaired bytes');
  await prisma.runRepair.create({
    data: { runId: ofModel.id, key: 'of its cut', sha256: repaired, summary: {} },
  });
  const ids = [...experiments.map(({ id }) => id), modelId];
  expect((await purge(admin, ids)).errors[0].message).toMatch(/is not in the trash: delete it first/);
  expect(await trash(editor, ids)).toBe(null);
  const { purged } = await purge(admin, ids);
  expect(purged).toEqual({ rows: expect.any(Number), artifacts: 2, bytes: 'own bytesrepaired bytes'.length });
  expect(purged.rows).toBeGreaterThan(ids.length);
  expect(await prisma.model.count({ where: { id: modelId } })).toBe(0);
  expect(await prisma.run.count({ where: { experimentId: { in: ids } } })).toBe(0);
  expect(await platform.artifacts.size(own)).toBe(null);
  expect(await platform.artifacts.size(repaired)).toBe(null);
  expect(await platform.artifacts.size(shared)).not.toBe(null);
  // The other runs used the same sampling: it goes on with what they have.
  const sampling = await prisma.samplingRun.findUniqueOrThrow({ where: { id: samplingRunId } });
  expect(filled.modelIds.slice(1)).toContain(sampling.modelId);
  expect((await purge(admin, ids)).purged).toEqual({ rows: 0, artifacts: 0, bytes: 0 });
  // Another team's trash is nobody else's.
  await prisma.model.update({ where: { id: theirs.modelIds[2] ?? '' }, data: { deletedAt: new Date() } });
  expect((await purge(admin, [theirs.modelIds[2] ?? ''])).purged.rows).toBe(0);
  expect(await prisma.model.count({ where: { id: theirs.modelIds[2] ?? '' } })).toBe(1);
  // With the last run its sampling goes, too.
  const projects = [...filled.projectIds];
  await trash(editor, projects);
  await purge(admin, projects);
  expect(await prisma.run.count({ where: { id: runId } })).toBe(0);
  expect(await prisma.model.count({ where: { id: keptId } })).toBe(0);
  expect(await prisma.samplingRun.count({ where: { id: samplingRunId } })).toBe(0);
});

it('an interrupted purge is finished by the next one, and bytes that came again are kept', async () => {
  const { admin, platform, prisma } = await team();
  const [gone, again, uploaded] = [
    await stored(platform, 'gone'),
    await stored(platform, 'again'),
    await stored(platform, 'uploaded'),
  ];
  await prisma.upload.create({
    data: {
      ...{ id: newId('upload'), teamId: admin.teamId, fileName: 'n', limit: 1, sha256: uploaded },
      createdAt: new Date(Date.now() - 3_600_000),
    },
  });
  // As a purge that was killed after its transaction leaves it.
  await prisma.artifact.deleteMany({ where: { sha256: { in: [gone, again] } } });
  await prisma.freedArtifact.createMany({ data: [gone, again].map((sha256) => ({ sha256, bytes: 5 })) });
  const bytes = await platform.artifacts.put(Readable.from([Buffer.from('again')]));
  await prisma.$transaction((transaction) =>
    registerArtifact(transaction, platform.artifacts, bytes, 'application/onnx'),
  );
  await prisma.upload.create({
    data: { id: newId('upload'), teamId: admin.teamId, fileName: 'n', limit: 1, sha256: again },
  });
  const purgeArtifacts = 'mutation { purgeArtifacts(input: {}) { ok purged { artifacts bytes } } }';
  const { data } = await admin.ask(purgeArtifacts);
  expect(data.purgeArtifacts.purged).toMatchObject({ artifacts: 1 });
  expect(await platform.artifacts.size(gone)).toBe(null);
  expect(await platform.artifacts.size(again)).toBe(5);
  expect(await platform.artifacts.size(uploaded)).not.toBe(null);
  // An unused upload is kept for a day.
  await prisma.upload.updateMany({
    where: { sha256: uploaded },
    data: { createdAt: new Date(Date.now() - 25 * 3_600_000) },
  });
  expect((await admin.ask(purgeArtifacts)).data.purgeArtifacts.purged.artifacts).toBe(1);
  expect(await platform.artifacts.size(uploaded)).toBe(null);
  // What a purge took between arrival and registration is told, and nothing refers to bytes that are not there.
  const late = prisma.$transaction((transaction) =>
    registerArtifact(transaction, platform.artifacts, { sha256: gone, bytes: 4 }, 'application/onnx'),
  );
  await expect(late).rejects.toThrow(/send them again/);
  expect(await prisma.artifact.count({ where: { sha256: gone } })).toBe(0);
});

it('uploads of the same bytes and purges at the same time leave no file without bytes', async () => {
  const { admin, editor, platform, prisma } = await team();
  const sending = Array.from({ length: 12 }, async () => {
    const made = await editor.ask('mutation { createUpload(input: { fileName: "n" }) { upload { url } } }');
    return (await editor.fetch(made.data.createUpload.upload.url, { method: 'PUT', body: 'the same' }))
      .status;
  });
  const purging = Array.from({ length: 12 }, async () => {
    await prisma.upload.updateMany({ data: { createdAt: new Date(0) } });
    await admin.ask('mutation { purgeArtifacts(input: {}) { ok } }');
  });
  const [statuses] = await Promise.all([Promise.all(sending), Promise.all(purging)]);
  for (const status of statuses) expect([200, 404, 409]).toContain(status);
  for (const { sha256 } of await prisma.artifact.findMany({ where: { bytes: 8 } })) {
    expect(await platform.artifacts.size(sha256)).toBe(8);
  }
});

async function team(): Promise<{
  platform: Platform;
  prisma: PrismaClient;
  admin: Member;
  editor: Member;
  filled: Filled;
}> {
  const platform = await startPlatform();
  const admin = await platform.member('admin');
  const editor = await platform.member('editor', admin.teamId);
  const filled = await fillTeam(platform.prisma, admin.teamId, { runs: 60 });
  return { platform, prisma: platform.prisma, admin, editor, filled };
}

/** Its sha256. */
async function stored({ artifacts, prisma }: Platform, text: string): Promise<string> {
  const artifact = await artifacts.put(Readable.from([Buffer.from(text)]));
  await prisma.$transaction((transaction) =>
    registerArtifact(transaction, artifacts, artifact, 'text/plain'),
  );
  return artifact.sha256;
}

/** What is to put right; null if it went. */
async function trash(member: Member, ids: readonly string[]): Promise<string | null> {
  const { data } = await member.ask(
    'mutation ($ids: [ID!]!) { moveToTrash(input: { ids: $ids }) { ok errors { message } } }',
    { ids },
  );
  return data.moveToTrash.errors[0]?.message ?? null;
}

async function purge(member: Member, ids: readonly string[]) {
  const { data } = await member.ask(
    'mutation ($ids: [ID!]!) { purge(input: { ids: $ids }) { ok errors { message } purged { rows artifacts bytes } } }',
    { ids },
  );
  return data.purge;
}

async function seen(member: Member): Promise<Record<'runs' | 'experiments' | 'models' | 'projects', number>> {
  const { data } = await member.ask(
    '{ runs { totalCount } experiments { totalCount } models { totalCount } projects { totalCount } }',
  );
  return {
    runs: data.runs.totalCount,
    experiments: data.experiments.totalCount,
    models: data.models.totalCount,
    projects: data.projects.totalCount,
  };
}
