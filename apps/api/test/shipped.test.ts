import { expect, it } from 'vitest';
import { type Member, startPlatform } from './platform.ts';
import { experiment } from './rows.ts';
import { finishedRun } from './strategies-data.ts';

it('a network is marked as shipped by who did it first, until somebody takes that back; the log has both', async () => {
  const platform = await startPlatform();
  const { member, prisma } = platform;
  const editor = await member('editor');
  const { teamId } = editor;
  await experiment(platform, teamId);
  const { sha256 } = await prisma.model.findUniqueOrThrow({ where: { id: 'model_s' } });
  const own = { teamId, experimentId: 'exp_s', share: 0.5, allocation: 'uniform', criterion: 'l1' };
  await finishedRun(prisma, { ...own, id: 'run_whole', seed: 0 }, 90, { sha256 });
  const ended = { metric: 'macs', state: 'cancelled' } as const;
  await prisma.run.create({ data: { ...own, ...ended, id: 'run_bare', seed: 1 } });

  expect(await shipped(editor, 'run_whole')).toBeNull();
  const { name } = await prisma.user.findUniqueOrThrow({ where: { id: editor.userId } });
  const mark = { shippedAt: expect.any(String), shippedBy: { name } };
  expect(await set(editor, 'run_whole', true)).toEqual({ ok: true, errors: [], run: { shipped: mark } });
  const first = await shipped(editor, 'run_whole');

  // Whoever marks it once more changes nothing, and is not in the log.
  const other = await member('editor', teamId);
  expect((await set(other, 'run_whole', true)).run.shipped).toEqual(first);
  expect(await set(other, 'run_whole', false)).toEqual({ ok: true, errors: [], run: { shipped: null } });
  expect(await set(other, 'run_whole', false)).toMatchObject({ ok: true });
  const log = await prisma.auditEntry.findMany({
    where: { teamId, subject: 'run_whole' },
    orderBy: { createdAt: 'asc' },
  });
  expect(log.map(({ action }) => action)).toEqual(['run.ship', 'run.unship']);
  expect(new Set(log.map(({ actor }) => actor)).size).toBe(2);

  expect(await set(editor, 'run_bare', true)).toMatchObject({
    ok: false,
    errors: [{ code: 'CONFLICT', message: 'the run has no network to ship', path: ['runId'] }],
  });
  const unknown = [{ code: 'NOT_FOUND', message: 'there is no such run', path: ['runId'] }];
  expect((await set(await member('admin'), 'run_whole', true)).errors).toEqual(unknown);
  await prisma.run.update({ where: { id: 'run_whole' }, data: { deletedAt: new Date() } });
  expect((await set(editor, 'run_whole', true)).errors).toEqual(unknown);
});

const SHIPPED = 'shipped { shippedAt shippedBy { name } }';

async function set(member: Member, runId: string, isShipped: boolean) {
  const { data, errors } = await member.ask(
    `mutation ($runId: ID!, $shipped: Boolean!) {
      setShipped(input: { runId: $runId, shipped: $shipped }) { ok errors { code message path } run { ${SHIPPED} } }
    }`,
    { runId, shipped: isShipped },
  );
  expect(errors).toBeUndefined();
  return data.setShipped;
}

async function shipped(member: Member, id: string) {
  const { data } = await member.ask(`query ($id: ID!) { run(id: $id) { ${SHIPPED} } }`, { id });
  return data.run.shipped;
}
