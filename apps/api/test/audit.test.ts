import { expect, it } from 'vitest';
import { startPlatform } from './platform.ts';

it('tells who changed what, by key or signed in, newest first', async () => {
  const { member, signedIn } = await startPlatform();
  const admin = await member('admin');
  const editor = await member('editor', admin.teamId);
  const browser = await signedIn(editor.userId);
  const stranger = await member('admin');
  await stranger.ask('mutation { createProject(name: "elsewhere") { ok } }');
  const { data } = await editor.ask('mutation { createProject(name: "by key") { project { id } } }');
  const { id } = data.createProject.project;
  await browser.ask(`mutation { deleteProject(id: "${id}") { ok } }`);
  await admin.ask(`mutation { changeMemberRole(userId: "${editor.userId}", role: viewer) { ok } }`);

  const read = async (args: string) => {
    const answer = await admin.ask(
      `{ auditLog(${args}) { nodes { action subject data actor { user { id } apiKeyName } } totalCount pageInfo { hasNextPage endCursor } } }`,
    );
    return answer.data.auditLog;
  };
  const byKey = { user: { id: editor.userId }, apiKeyName: 'test' };
  const bySession = { user: { id: editor.userId }, apiKeyName: null };
  const all = await read('first: 10');
  expect(all.totalCount).toBe(3);
  expect(all.nodes).toEqual([
    {
      ...{ action: 'member.role', subject: editor.userId, data: { role: 'viewer' } },
      actor: { user: { id: admin.userId }, apiKeyName: 'test' },
    },
    { action: 'project.delete', subject: id, data: {}, actor: bySession },
    { action: 'project.create', subject: id, data: { name: 'by key' }, actor: byKey },
  ]);
  const actions = async (args: string) =>
    (await read(args)).nodes.map(({ action }: { action: string }) => action);
  expect(await actions(`actor: "${editor.userId}"`)).toEqual(['project.delete', 'project.create']);
  expect(await actions('action: "member."')).toEqual(['member.role']);
  expect(await actions(`subject: "${id}", action: "project.d"`)).toEqual(['project.delete']);
  expect(await actions(`actor: "${stranger.userId}"`)).toEqual([]);
  // What LIKE would take for a wildcard is none.
  expect(await actions('action: "%"')).toEqual([]);
  const first = await read('first: 2');
  expect(first.pageInfo.hasNextPage).toBe(true);
  expect(await actions(`after: "${first.pageInfo.endCursor}"`)).toEqual(['project.create']);
});
