import { expect, it } from 'vitest';
import type { Browser } from './browser.ts';
import { client, type Platform, startPlatform } from './platform.ts';

it('members are listed page by page, of this team only', async () => {
  const { member } = await startPlatform();
  const admin = await member('admin');
  const others = [await member('editor', admin.teamId), await member('viewer', admin.teamId)];
  await member('admin');
  const { data } = await admin.ask(
    '{ members(first: 2) { nodes { id user { id name email } role } pageInfo { hasNextPage endCursor } totalCount } }',
  );
  const { nodes, pageInfo, totalCount } = data.members;
  expect(totalCount).toBe(3);
  expect(nodes.map(({ user, role }: { user: { id: string }; role: string }) => [user.id, role])).toEqual([
    [others[1]?.userId, 'VIEWER'],
    [others[0]?.userId, 'EDITOR'],
  ]);
  expect(pageInfo.hasNextPage).toBe(true);
  const rest = await admin.ask(`{ members(after: "${pageInfo.endCursor}") { nodes { user { id } } } }`);
  expect(rest.data.members.nodes).toEqual([{ user: { id: admin.userId } }]);
});

it('a role that is taken away is gone at once, for keys and sessions', async () => {
  const platform = await startPlatform();
  const admin = await platform.member('admin');
  const other = await platform.member('admin', admin.teamId);
  const browser = await platform.signedIn(other.userId);
  const asked = 'mutation { renameTeam(input: { name: "Ours" }) { ok } }';
  expect((await browser.ask(asked)).data.renameTeam.ok).toBe(true);
  const changed = await (await platform.signedIn(admin.userId)).ask(
    `mutation { changeMemberRole(input: { userId: "${other.userId}", role: VIEWER }) { ok member { user { id } role } } }`,
  );
  expect(changed.data.changeMemberRole.member).toEqual({ user: { id: other.userId }, role: 'VIEWER' });
  for (const { errors } of [await browser.ask(asked), await other.ask(asked)]) {
    expect(errors[0].extensions.code).toBe('FORBIDDEN');
  }
});

it('a removed member has no keys, sessions or streams of the team any more, but those of others', async () => {
  const platform = await startPlatform();
  const { prisma, member, signedIn, address } = platform;
  const admin = await member('admin');
  const leaver = await member('editor', admin.teamId);
  const here = await signedIn(leaver.userId);
  const elsewhere = await signedIn(leaver.userId);
  await elsewhere.ask('mutation { createTeam(input: { name: "Own" }) { ok } }');
  const runId = await waitingRun(platform, admin.teamId);
  const streams = await Promise.all([
    streamOf(here, runId),
    client(address, leaver.key).fetch('/graphql/stream', streamInit(runId)),
  ]);
  const boss = await signedIn(admin.userId);
  const { data } = await boss.ask(
    `mutation { removeMember(input: { userId: "${leaver.userId}" }) { ok errors { message } member { user { id } } } }`,
  );
  expect(data.removeMember).toEqual({ ok: true, errors: [], member: { user: { id: leaver.userId } } });
  const code = async (who: Pick<Browser, 'ask'>) =>
    (await who.ask('{ viewer { role } }')).errors?.[0].extensions.code ?? null;
  expect([await code(leaver), await code(here), await code(elsewhere)]).toEqual([
    'UNAUTHENTICATED',
    'UNAUTHENTICATED',
    null,
  ]);
  const key = await prisma.apiKey.findFirstOrThrow({ where: { userId: leaver.userId } });
  expect(key.revokedAt).not.toBe(null);
  // The run goes on, the streams do not.
  for (const stream of streams) expect(await stream.text()).toContain('event: complete');
  // Taken in again, the old key stays dead.
  await prisma.membership.create({ data: { ...ids(admin.teamId, leaver.userId), role: 'viewer' } });
  expect(await code(leaver)).toBe('UNAUTHENTICATED');
  const again = await boss.ask(
    `mutation { removeMember(input: { userId: "user_none" }) { errors { message } } }`,
  );
  expect(again.data.removeMember.errors[0].message).toBe('there is no such member');
});

it('the last administrator stays', async () => {
  const { prisma, member, signedIn } = await startPlatform();
  const admin = await member('admin');
  await member('editor', admin.teamId);
  const browser = await signedIn(admin.userId);
  const { userId } = admin;
  const message = 'a team needs an administrator: make somebody else one first';
  for (const [name, args, path] of [
    ['changeMemberRole', `userId: "${userId}", role: EDITOR`, ['userId']],
    ['removeMember', `userId: "${userId}"`, ['userId']],
    ['leaveTeam', '', []],
  ] as const) {
    const { data } = await browser.ask(
      `mutation { ${name}(input: { ${args} }) { ok errors { code message path } } }`,
    );
    expect(data[name], name).toEqual({ ok: false, errors: [{ code: 'CONFLICT', message, path }] });
  }
  expect(await prisma.membership.count({ where: { userId, role: 'admin' } })).toBe(1);
});

it('of two administrators who leave at the same time one stays', async () => {
  const { prisma, member, signedIn } = await startPlatform();
  const first = await member('admin');
  const second = await member('admin', first.teamId);
  const browsers = [await signedIn(first.userId), await signedIn(second.userId)];
  const answers = await Promise.all(
    browsers.map((browser) => browser.ask('mutation { leaveTeam(input: {}) { ok } }')),
  );
  expect(answers.map(({ data }) => data.leaveTeam.ok).sort()).toEqual([false, true]);
  expect(await prisma.membership.count({ where: { teamId: first.teamId, role: 'admin' } })).toBe(1);
});

it('who leaves looks at another team, or at none', async () => {
  const { member, signedIn } = await startPlatform();
  const admin = await member('admin');
  const { userId } = await member('viewer', admin.teamId);
  const browser = await signedIn(userId);
  const { data } = await browser.ask('mutation { createTeam(input: { name: "Own" }) { team { id } } }');
  const team = async () => (await browser.ask('{ viewer { team { id } } }')).data.viewer.team;
  await browser.ask(`mutation { switchTeam(input: { teamId: "${admin.teamId}" }) { ok } }`);
  const left = await browser.ask('mutation { leaveTeam(input: {}) { ok team { id } } }');
  expect(left.data.leaveTeam).toEqual({ ok: true, team: { id: admin.teamId } });
  expect(await team()).toEqual({ id: data.createTeam.team.id });
  const gone = await browser.ask(
    `mutation { switchTeam(input: { teamId: "${admin.teamId}" }) { errors { message } } }`,
  );
  expect(gone.data.switchTeam.errors[0].message).toBe('there is no such team');
});

const ids = (teamId: string, userId: string) => ({ teamId, userId });

function streamInit(runId: string): RequestInit {
  const query = `subscription { runEvents(runId: "${runId}") { seq } }`;
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  };
}

function streamOf(browser: Browser, runId: string): Promise<Response> {
  return browser.fetch('/graphql/stream', streamInit(runId));
}

/** A run that nobody computes. */
async function waitingRun({ prisma }: Platform, teamId: string): Promise<string> {
  const sha256 = 'ef'.repeat(32);
  await prisma.artifact.create({ data: { sha256, bytes: 1, mediaType: 'application/onnx' } });
  await prisma.project.create({ data: { id: 'proj_m', teamId, name: 'p' } });
  await prisma.model.create({
    data: {
      ...{ id: 'model_m', teamId, projectId: 'proj_m', name: 'm', sha256, networkHash: 'h' },
      ...{ params: 1, macs: 1, summary: {} },
    },
  });
  await prisma.dataset.create({ data: { id: 'data_m', teamId, name: 'd', hash: 'h', classes: [] } });
  await prisma.experiment.create({
    data: {
      ...{ id: 'exp_m', teamId, projectId: 'proj_m', modelId: 'model_m', datasetId: 'data_m', name: 'e' },
      ...{ samples: 1, grid: [0.5], seed: 0 },
    },
  });
  await prisma.run.create({
    data: {
      ...{ id: 'run_m', teamId, experimentId: 'exp_m', allocation: 'uniform', criterion: 'l1' },
      ...{ metric: 'macs', share: 0.5, seed: 0 },
    },
  });
  return 'run_m';
}
