import { expect, it } from 'vitest';
import { forgetOldEntries } from '../src/audit/noted.ts';
import { newAdminKey } from '../src/serve.ts';
import { Browser } from './browser.ts';
import { startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

it('tells who changed what, by key or signed in, newest first', async () => {
  const { member, prisma, signedIn } = await startPlatform();
  const admin = await member('admin');
  const editor = await member('editor', admin.teamId);
  const browser = await signedIn(editor.userId);
  const stranger = await member('admin');
  await stranger.ask('mutation { createProject(input: { name: "elsewhere" }) { ok } }');
  const { data } = await editor.ask(
    'mutation { createProject(input: { name: "by key" }) { project { id } } }',
  );
  const { id } = data.createProject.project;
  await browser.ask(`mutation { deleteProject(input: { id: "${id}" }) { ok } }`);
  const boss = await signedIn(admin.userId);
  await boss.ask(`mutation { changeMemberRole(input: { userId: "${editor.userId}", role: VIEWER }) { ok } }`);

  const read = async (args: string) => {
    const answer = await admin.ask(
      `{ auditLog(${args}) { nodes { action subject { reference node { __typename } } changes { field value } actor { user { id } apiKeyName } } totalCount pageInfo { hasNextPage endCursor } } }`,
    );
    return answer.data.auditLog;
  };
  const byKey = { user: { id: editor.userId }, apiKeyName: 'test' };
  const bySession = { user: { id: editor.userId }, apiKeyName: null };
  const all = await read('first: 10');
  // What was changed; who signed in and used which key is a separate test.
  const changes = all.nodes.filter(({ action }: { action: string }) => !/^(session|api-key)\./.test(action));
  expect(all.totalCount).toBe(all.nodes.length);
  expect(changes).toEqual([
    {
      ...{
        action: 'member.role',
        subject: { reference: editor.userId, node: { __typename: 'User' } },
        changes: [{ field: 'role', value: 'viewer' }],
      },
      actor: { user: { id: admin.userId }, apiKeyName: null },
    },
    // It is in the trash.
    { action: 'project.delete', subject: { reference: id, node: null }, changes: [], actor: bySession },
    {
      action: 'project.create',
      subject: { reference: id, node: null },
      changes: [{ field: 'name', value: 'by key' }],
      actor: byKey,
    },
  ]);
  const actions = async (args: string) =>
    (await read(args)).nodes.map(({ action }: { action: string }) => action);
  expect(await actions(`filter: { actor: { in: ["${editor.userId}"] } }`)).toEqual([
    ...['project.delete', 'project.create', 'api-key.use', 'session.begin'],
  ]);
  const own = await prisma.apiKey.findFirstOrThrow({ where: { userId: editor.userId } });
  expect(await actions(`filter: { actor: { in: ["${own.id}"] } }`)).toEqual([
    'project.create',
    'api-key.use',
  ]);
  const others = await read(`filter: { actor: { not: ["${editor.userId}"] } }`);
  expect(others.totalCount).toBe(all.totalCount - 4);
  expect(await actions('order: { direction: ASC }')).toEqual((await actions('first: 20')).toReversed());
  expect(await actions('filter: { text: "member." }')).toEqual(['member.role']);
  expect(await actions(`filter: { subject: { in: ["${id}"] }, text: "project.d" }`)).toEqual([
    'project.delete',
  ]);
  expect(await actions(`filter: { actor: { in: ["${stranger.userId}"] } }`)).toEqual([]);
  // What LIKE would take for a wildcard is none.
  expect(await actions('filter: { text: "%" }')).toEqual([]);
  const first = await read('first: 2, filter: { text: "project." }');
  expect(first.pageInfo.hasNextPage).toBe(false);
  const one = await read('first: 1, filter: { text: "project." }');
  expect(one.pageInfo.hasNextPage).toBe(true);
  expect(await actions(`filter: { text: "project." }, after: "${one.pageInfo.endCursor}"`)).toEqual([
    'project.create',
  ]);
});

it('tells who came in, who was refused, and what was taken away, in words', async () => {
  const { address, prisma, member, signedIn } = await startPlatform({ access: { attempts: 3 } });
  const admin = await member('admin');
  const email = `${admin.userId}@example.org`;
  const browser = await signedIn(admin.userId);
  await browser.ask('mutation { updateAccount(input: { password: "correct horse" }) { ok } }');
  const stranger = (password: string) =>
    new Browser(address).post('/auth/sign-in/email', { email, password });
  for (let i = 0; i < 5; i++) await stranger('guess guess');
  await browser.post('/auth/sign-out');
  const { data } = await admin.ask(
    'mutation { createUpload(input: { fileName: "n.onnx" }) { upload { url } } }',
  );
  const { url } = data.createUpload.upload;
  const { sha256 } = (await (await admin.fetch(url, { method: 'PUT', body: 'bytes' })).json()) as {
    sha256: string;
  };
  for (let i = 0; i < 3; i++) await admin.fetch(`/files/${sha256}`);
  await (await admin.fetch('/files/export/runs.csv')).text();
  await newAdminKey(prisma);

  const words = async () => {
    const { data } = await admin.ask('{ auditLog(first: 50) { nodes { words } } }');
    return data.auditLog.nodes.map((node: { words: string }) => node.words);
  };
  const expected = [
    'made an API key “new key” by the command --new-key (admin)',
    'exported a table of runs',
    'downloaded a file, 3 times',
    'uploaded a file “n.onnx”',
    'used an API key from 127.0.0.1',
    'ended a session',
    'was refused at signing in from an address with too many tries, 2 times',
    'was refused at signing in from 127.0.0.1, 3 times',
    'changed the account',
    'signed in by link from 127.0.0.1',
  ];
  // Refusals are written behind their answers.
  await expect.poll(async () => (await words()).sort()).toEqual([...expected].sort());
});

it('the largest requests let the table grow by little', async () => {
  const { prisma, member } = await startPlatform();
  const editor = await member('editor');
  const { runIds } = await fillTeam(prisma, editor.teamId, { runs: 450 });
  const size = async () => {
    const [{ bytes }] = await prisma.$queryRaw<
      [{ bytes: bigint }]
    >`SELECT coalesce(sum(pg_column_size(a.*)), 0) AS bytes FROM "AuditEntry" a`;
    return Number(bytes);
  };
  const before = await size();
  const many = (name: string, argument: string, type: string) =>
    `mutation ($ids: [ID!]!, $given: ${type}) { ${Array.from(
      { length: 20 },
      (_, at) => `a${at}: ${name}(input: { ids: $ids, ${argument}: $given }) { ok errors { message } }`,
    ).join(' ')} }`;
  const notes = await editor.ask(many('setNotes', 'notes', 'String!'), {
    ...{ ids: runIds, given: 'x'.repeat(20_000) },
  });
  expect(notes.data.a0.ok).toBe(true);
  expect(notes.data.a19.errors[0].message).toBe('one request changes at most 2000 things: send several');
  const tags = { ids: runIds, given: ['x'.repeat(900_000)] };
  const { errors } = await editor.ask(many('removeTags', 'tags', '[String!]!'), tags);
  expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
  // 9,000 entries of 20,000 characters were asked for, and more of 900,000.
  expect((await size()) - before).toBeLessThan(1_500_000);
}, 60_000);

it('old entries go, so many at a time', async () => {
  const { prisma, member } = await startPlatform();
  const { teamId, userId } = await member('admin');
  const entry = (at: number, days: number) => ({
    ...{ id: `audit_${at}`, teamId, actor: userId, action: 'a.b', subject: 's', data: {} },
    createdAt: new Date(Date.now() - days * 86_400_000),
  });
  await prisma.auditEntry.createMany({
    data: [...Array.from({ length: 5001 }, (_, at) => entry(at, 31)), entry(5001, 29)],
  });
  await forgetOldEntries(prisma, 30);
  expect((await prisma.auditEntry.findMany()).map(({ id }) => id)).toEqual(['audit_5001']);
});

it('tells what things are called that are in the trash, or were purged, and nothing of them to others', async () => {
  const { member, prisma } = await startPlatform();
  const admin = await member('admin');
  const stranger = await member('admin');
  const { runIds, projectIds } = await fillTeam(prisma, admin.teamId, { runs: 20 });
  await prisma.run.updateMany({ data: { state: 'finished' } });
  const names = async (of = admin) => {
    const { data } = await of.ask(
      '{ auditLog(first: 50) { nodes { action subject { reference name node { id } } } } }',
    );
    return new Map<string, unknown>(
      data.auditLog.nodes.map(({ action, subject }: { action: string; subject: { reference: string } }) => [
        `${action} ${subject.reference}`,
        subject,
      ]),
    );
  };
  const [run = '', project = ''] = [runIds[0], projectIds[0]];
  const { allocation, criterion } = await prisma.run.findUniqueOrThrow({ where: { id: run } });
  const called = expect.stringMatching(new RegExp(`^${allocation} · ${criterion} · .* · seed \\d$`));
  await admin.ask('mutation ($ids: [ID!]!) { moveToTrash(input: { ids: $ids }) { ok } }', { ids: [run] });
  expect((await names()).get(`run.delete ${run}`)).toEqual({ reference: run, name: called, node: null });
  await admin.ask('mutation ($ids: [ID!]!) { moveToTrash(input: { ids: $ids }) { ok } }', { ids: [project] });
  const purged = await admin.ask('mutation ($ids: [ID!]!) { purge(input: { ids: $ids }) { ok } }', {
    ids: [run],
  });
  expect(purged.data.purge.ok).toBe(true);
  expect(await prisma.run.count({ where: { id: run } })).toBe(0);
  const told = await names();
  for (const action of ['run.delete', 'purge']) {
    expect(told.get(`${action} ${run}`)).toEqual({ reference: run, name: called, node: null });
  }
  expect(told.get(`project.delete ${project}`)).toMatchObject({ name: 'Project 0', node: null });

  // An id alone leads nobody else to a name.
  await prisma.auditEntry.create({
    data: { id: 'audit_odd', teamId: stranger.teamId, actor: 'x', action: 'odd', subject: project, data: {} },
  });
  expect((await names(stranger)).get(`odd ${project}`)).toEqual({
    reference: project,
    name: null,
    node: null,
  });
});
