import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { profileSchema } from '@espalier/latency';
import { expect, it, onTestFinished } from 'vitest';
import { commandHere } from './command.ts';
import { type Member, RESNET20, startPlatform } from './platform.ts';

async function measure(member: Member, input: object) {
  const { data } = await member.ask(
    `mutation ($input: MeasureProfileInput!) {
      measureProfile(input: $input) { ok errors { code path message } profiling { id state machine deviceName threads } }
    }`,
    { input },
  );
  return data.measureProfile;
}

it('a worker measures a profile that the command asks for, and a person may cancel one', {
  timeout: 300_000,
}, async () => {
  const platform = await startPlatform({ worker: true });
  const { prisma, address } = platform;
  const editor = await platform.member('editor');
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-profilings-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const espalier = commandHere(folder);
  await espalier('login', address, '--key', editor.key);
  const pushed = await espalier('push', RESNET20, '--project', 'p', '--json');
  expect(pushed.stderr).not.toMatch(/rror/);
  const { id: modelId } = await prisma.model.findFirstOrThrow();

  const { data: seen } = await editor.ask('{ machines { host cpu cores platform } }');
  expect(seen.machines).toHaveLength(1);
  const [{ host }] = seen.machines;
  const refusal = await espalier('devices', 'measure', modelId, '--machine', 'nowhere');
  expect(refusal).toMatchObject({ code: 1, stdout: '' });
  expect(refusal.stderr).toMatch(`no active worker on a machine "nowhere": there are workers on "${host}"`);
  expect(await measure(editor, { modelId: 'model_none' })).toMatchObject({
    ok: false,
    errors: [{ code: 'NOT_FOUND', path: ['modelId'], message: 'there is no such model' }],
  });

  const flags = ['--name', 'board', '--threads', '1', '--structures', '2'];
  const done = await espalier('devices', 'measure', modelId, ...flags, '--json');
  expect(done.code, done.stderr).toBe(0);
  expect(done.stderr).toMatch(/measures, and takes no other job meanwhile/);
  const { id, profile } = JSON.parse(done.stdout);
  expect(profile.device.name).toBe('board');
  const { data, errors } = await editor.ask(
    `{ profiling(id: "${id}") { state isOver machine progress { done total } createdBy { id } model { id }
      profile { measuredBy { machine version } measuredAt check { ratio isQuiet } stairs { share } createdBy { id } } } }`,
  );
  expect(errors).toBeUndefined();
  const { check, ...shown } = data.profiling.profile;
  expect(data.profiling).toMatchObject({
    ...{ state: 'DONE', isOver: true, machine: host, progress: { done: 12, total: 12 } },
    ...{ createdBy: { id: editor.userId }, model: { id: modelId } },
  });
  expect(shown).toMatchObject({ measuredBy: { machine: host }, createdBy: { id: editor.userId } });
  expect(check.isQuiet).toBe(Math.abs(check.ratio - 1) <= 0.02);
  // Nothing makes it void where it was measured, but threads and images that are others.
  const voided = await editor.ask(
    `{ deviceProfile(id: "${profile.id}") { differences own: differences(threads: 1, batch: 1)
      other: differences(threads: 3, batch: 32) } }`,
  );
  expect(voided.data.deviceProfile).toEqual({
    ...{ differences: [], own: [] },
    other: ['with 1 thread, not 3', 'with 1 image, not 32'],
  });
  await prisma.deviceProfile.updateMany({ data: { engineVersion: '0.1' } });
  const old = await editor.ask('{ deviceProfiles { nodes { differences } } }');
  expect(old.data.deviceProfiles.nodes[0].differences).toEqual([
    expect.stringMatching(/^with onnxruntime 0\.1, not onnxruntime \d/),
  ]);
  // As if it had been brought: whoever is in the team takes it from here.
  const out = path.join(folder, 'device.json');
  expect((await espalier('devices', 'download', profile.id, '--out', out)).code).toBe(0);
  expect(profileSchema.parse(JSON.parse(await readFile(out, 'utf8')))).toMatchObject({
    ...{ device: 'board', threads: 1, structures: 2 },
  });

  const asked = await measure(editor, { modelId, deviceName: 'board', structures: 1000 });
  expect(asked).toMatchObject({ ok: true, profiling: { state: 'WAITING', deviceName: 'board' } });
  const cancelled = await espalier('devices', 'cancel', asked.profiling.id);
  expect(cancelled).toMatchObject({ code: 0, stdout: expect.stringMatching(/: cancelled\n$/) });
  expect((await espalier('devices', 'cancel', asked.profiling.id)).stderr).toMatch(
    /the measurement of this profile has already ended/,
  );
  const counted = await editor.ask(
    '{ profilings(filter: { state: { in: [DONE, CANCELLED] } }) { totalCount } }',
  );
  expect(counted.data.profilings.totalCount).toBe(2);
  const log = await prisma.auditEntry.findMany({ where: { action: { startsWith: 'profile.' } } });
  expect(log.map(({ action }) => action).sort()).toEqual([
    ...['profile.cancel', 'profile.measure', 'profile.measure'],
  ]);
});
