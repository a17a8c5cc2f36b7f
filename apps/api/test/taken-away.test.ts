import { expect, it } from 'vitest';
import { startPlatform } from './platform.ts';
import { experiment } from './rows.ts';

it('what is taken away is answered as it was, and no secret with it', async () => {
  const platform = await startPlatform();
  const { member, signedIn, prisma } = platform;
  const admin = await member('admin');
  const leaver = await member('editor', admin.teamId);
  const boss = await signedIn(admin.userId);
  await experiment(platform, admin.teamId);
  const change = async (field: string, input: string, thing: string, by = boss) => {
    const query = `mutation { ${field}(input: { ${input} }) { ok errors { message } ${thing} } }`;
    const { data, errors } = await by.ask(query);
    expect(errors, field).toBeUndefined();
    return data[field];
  };
  const done = { ok: true, errors: [] };

  const { key, apiKey } = await change('createApiKey', 'name: "ci", role: EDITOR', 'key apiKey { id }');
  // Under a separate key the answer is kept for a while: what is kept has no secret either.
  const revoked = await change(
    ...(['revokeApiKey', `id: "${apiKey.id}", clientMutationId: "r"`] as const),
    'apiKey { id name prefix role scopes projects { id } }',
  );
  expect(revoked).toMatchObject({
    ...done,
    apiKey: { id: apiKey.id, name: 'ci', prefix: key.slice(0, 10), role: 'EDITOR', projects: null },
  });
  const { hash } = await prisma.apiKey.findUniqueOrThrow({ where: { id: apiKey.id } });

  const invited = await change('inviteMember', 'email: "ada@example.org"', 'link invitation { id }');
  const withdrawn = await change(
    ...(['revokeInvitation', `id: "${invited.invitation.id}", clientMutationId: "r"`] as const),
    'invitation { id email role invitedBy { id } }',
  );
  expect(withdrawn).toEqual({
    ...done,
    invitation: {
      ...{ id: invited.invitation.id, email: 'ada@example.org', role: 'VIEWER' },
      invitedBy: { id: admin.userId },
    },
  });
  const invitation = await prisma.invitation.findUniqueOrThrow({ where: { id: invited.invitation.id } });
  for (const { result } of await prisma.mutationKey.findMany()) {
    const { gunzipSync } = await import('node:zlib');
    const kept = result ? gunzipSync(result).toString('latin1') : '';
    expect(kept).not.toContain(hash);
    expect(kept).not.toContain(invitation.hash);
  }

  const made = await change(
    'createSavedView',
    'name: "v", page: "runs", state: { a: 1 }',
    'savedView { id }',
  );
  const view = await change('deleteSavedView', `id: "${made.savedView.id}"`, 'savedView { id name state }');
  expect(view).toEqual({ ...done, savedView: { id: made.savedView.id, name: 'v', state: { a: 1 } } });

  const source = 'architecture: "a", method: "m", title: "t", venue: "v", savedMacs: 0.5';
  const { publishedResult } = await change('addPublishedResult', source, 'publishedResult { id }');
  const removed = await change(
    ...(['removePublishedResult', `id: "${publishedResult.id}"`, 'publishedResult { id method }'] as const),
  );
  expect(removed).toEqual({ ...done, publishedResult: { id: publishedResult.id, method: 'm' } });

  const moved = await change('moveToTrash', 'ids: ["exp_s"]', 'trashItems { reference name deletedAt }');
  expect(moved).toMatchObject({
    ...done,
    trashItems: [{ reference: 'exp_s', deletedAt: expect.any(String) }],
  });
  const back = await change('restore', 'ids: ["exp_s"]', 'nodes { __typename id }');
  expect(back).toEqual({ ...done, nodes: [{ __typename: 'Experiment', id: 'exp_s' }] });

  const gone = await change('removeMember', `userId: "${leaver.userId}"`, 'member { user { email } role }');
  expect(gone).toEqual({
    ...done,
    member: { user: { email: `${leaver.userId}@example.org` }, role: 'EDITOR' },
  });
  const other = await member('viewer', admin.teamId);
  const left = await change('leaveTeam', '', 'team { id name }', await signedIn(other.userId));
  expect(left).toEqual({ ...done, team: { id: admin.teamId, name: 'Team' } });
});
