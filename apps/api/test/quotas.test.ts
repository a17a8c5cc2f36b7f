import { statfs } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { HOME, type Member, startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

const CREATE = `mutation ($bytes: Float) {
  createUpload(input: { fileName: "n", bytes: $bytes }) { errors { message path } upload { id url } }
}`;
const USAGE = '{ viewer { team { usage { bytes bytesUnderWay bytesLimit uploads uploadsLimit } } } }';

async function place(member: Member, bytes: number | null) {
  return (await member.ask(CREATE, { bytes })).data.createUpload;
}

async function usage(member: Member) {
  return (await member.ask(USAGE)).data.viewer.team.usage;
}

it('a team stores what it may, however many ask at once, and the same bytes count for each team', async () => {
  const platform = await startPlatform({ quotas: { bytes: 10_000, uploads: null, recomputed: null } });
  const [editor, other] = [await platform.member('editor'), await platform.member('editor')];
  const answers = await Promise.all(Array.from({ length: 20 }, () => place(editor, 1500)));
  const made = answers.flatMap(({ upload }) => upload ?? []);
  expect(made).toHaveLength(6);
  const refused = answers.find(({ upload }) => !upload).errors[0];
  expect(refused).toEqual({
    message:
      'the team stores 0 B, and 9.0 kB are under way: 1.5 kB more exceed its quota of 10.0 kB; empty the trash, or ask the operator of the platform for more',
    path: ['bytes'],
  });
  const limits = { bytesLimit: 10_000, uploadsLimit: null };
  expect(await usage(editor)).toEqual({ bytes: 0, bytesUnderWay: 9000, uploads: 6, ...limits });
  // What came counts as it is, and once.
  for (const { url } of made.slice(0, 2)) {
    expect((await editor.fetch(url, { method: 'PUT', body: 'x'.repeat(1000) })).status).toBe(200);
  }
  expect(await usage(editor)).toMatchObject({ bytes: 1000, bytesUnderWay: 6000, uploads: 4 });
  const { upload } = await place(other, 1000);
  expect((await other.fetch(upload.url, { method: 'PUT', body: 'x'.repeat(1000) })).status).toBe(200);
  expect(await usage(other)).toMatchObject({ bytes: 1000, bytesUnderWay: 0, uploads: 0 });
  // Without a number it is the largest that is taken.
  expect((await place(other, null)).errors[0].path).toEqual(['bytes']);
  // A cancelled one makes room.
  expect((await place(editor, 3500)).errors[0].path).toEqual(['bytes']);
  expect((await editor.fetch(made[3].url, { method: 'DELETE' })).status).toBe(204);
  expect((await place(editor, 3500)).errors).toEqual([]);
});

it('runs have the room of the network that they begin with, and none starts without', async () => {
  const quotas = { bytes: null as number | null, uploads: null, recomputed: null };
  const platform = await startPlatform({ quotas });
  const editor = await platform.member('editor');
  await experiment(platform, editor.teamId);
  const { bytes } = await usage(editor);
  expect(bytes).toBeGreaterThan(1000);
  quotas.bytes = 4.5 * bytes;
  const start = async (seeds: readonly number[]) =>
    (
      await editor.ask(
        `mutation ($seeds: [Int!]!) {
          startRuns(input: { experimentId: "exp_s", strategies: [{ allocation: "uniform", criterion: "random" }], targets: [{ share: 0.3 }], seeds: $seeds }) {
            errors { message path } runs { id } } }`,
        { seeds },
      )
    ).data.startRuns;
  const refusal = { message: expect.stringMatching(/more exceed its quota/), path: ['strategies'] };
  expect((await start([0, 1, 2, 3])).errors).toEqual([refusal]);
  expect(await platform.prisma.run.count()).toBe(0);
  const both = await Promise.all([start([0, 1, 2]), start([3, 4, 5])]);
  expect(both.flatMap(({ errors }) => errors)).toEqual([refusal]);
  expect(await usage(editor)).toMatchObject({ bytes, bytesUnderWay: 3 * bytes });
  const [{ id }] = both.find(({ runs }) => runs).runs;
  const clone = `mutation { cloneRun(input: { id: "${id}", seed: 9 }) { errors { path } run { id } } }`;
  expect((await editor.ask(clone)).data.cloneRun.errors).toEqual([{ path: ['id'] }]);
  await editor.ask(`mutation { cancelRuns(input: { ids: ["${id}"] }) { ok } }`);
  expect((await editor.ask(clone)).data.cloneRun.errors).toEqual([]);
});

it('a team has so many uploads under way, however many ask at once', async () => {
  const platform = await startPlatform({ quotas: { bytes: null, uploads: 3, recomputed: null } });
  const [editor, other] = [await platform.member('editor'), await platform.member('editor')];
  const answers = await Promise.all(Array.from({ length: 12 }, () => place(editor, 10)));
  expect(answers.filter(({ upload }) => upload)).toHaveLength(3);
  expect(answers.find(({ upload }) => !upload).errors).toEqual([
    {
      message: '3 uploads of the team are active, and at most 3 are allowed: wait for one, or cancel it',
      path: ['fileName'],
    },
  ]);
  expect((await place(other, 10)).errors).toEqual([]);
});

it('a disk keeps its reserve: uploads are refused when they are asked for, and when their bytes come', async () => {
  const { bavail, bsize } = await statfs(HOME);
  const none = await startPlatform({ reserve: 2 * bavail * bsize });
  const editor = await none.member('editor');
  const { errors } = await place(editor, 1000);
  expect(errors[0]).toEqual({
    message: expect.stringMatching(/^the platform's disk is full: 0 B are left for uploads; /),
    path: ['bytes'],
  });
  const { address, prisma } = none;
  // The disk may have become full since.
  const { teamId } = editor;
  await prisma.upload.create({ data: { id: 'upload_a', teamId, fileName: 'n', limit: 1000 } });
  const response = await editor.fetch('/files/uploads/upload_a', { method: 'PUT', body: 'x'.repeat(1000) });
  expect([response.status, await response.text()]).toEqual([507, expect.stringContaining('disk is full')]);
  expect(await prisma.artifact.count()).toBe(0);
  expect((await fetch(`${address}/health`)).status).toBe(200);
});

it('what a team stores is told to its members, not to a key that is limited to projects', async () => {
  const platform = await startPlatform({ quotas: { bytes: 1, uploads: 1, recomputed: null } });
  const admin = await platform.member('admin');
  await platform.prisma.project.create({ data: { id: 'proj_a', teamId: admin.teamId, name: 'p' } });
  expect(await usage(admin)).toMatchObject({ bytes: 0, bytesLimit: 1, uploadsLimit: 1 });
  await platform.prisma.apiKey.updateMany({ data: { projectIds: ['proj_a'] } });
  expect(await usage(admin)).toBe(null);
});
