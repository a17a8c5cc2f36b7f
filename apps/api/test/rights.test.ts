import { KeyScope } from '@espalier/store';
import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { createApiKey } from '../src/people/api-keys.ts';
import { Browser } from './browser.ts';
import { client, startPlatform } from './platform.ts';
import { foreignTeam, rules } from './rights-rules.ts';

/** Fields that give what the asking member's own, whatever ids there are. */
const OWN = new Set([
  'addPublishedResult',
  'apiKeys',
  'createApiKey',
  'createProject',
  'createWebhook',
  'createSavedView',
  'purge',
  'purgeArtifacts',
  'createTeam',
  'inviteMember',
  'leaveTeam',
  'members',
  'createUpload',
  'uploadLimit',
  'queue',
  'methods',
  'publishedSubjects',
  'registerDataset',
  'registerDatasetManifest',
  'renameTeam',
  'updateAccount',
  'viewer',
  'engines',
  'load',
  'operators',
  'setOperator',
  'workers',
]);
/** What a key that is limited to projects reads beside them: data sets and published results are in none. */
const OF_NO_PROJECT = new Set([
  ...OWN,
  'dataset',
  'datasets',
  'device',
  'devices',
  'drawnStrategies',
  'publishedResults',
  'nodes',
  'projects',
]);
const ORDER = { viewer: 0, editor: 1, admin: 2 } as const;

it('every field has its rule, and keeps to it for everybody', async () => {
  const platform = await startPlatform();
  const on = await foreignTeam(platform);
  const all = rules(on);
  const schema = await createSchema();
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );
  expect(Object.keys(all).sort()).toEqual(fields.sort());

  const nobody = client(platform.address);
  const wrong = client(platform.address, 'esp_wrong');
  const forged = new Browser(platform.address);
  forged.cookies.set('espalier.session_token', 'forged.c2lnbmF0dXJl');
  for (const [name, { ask }] of Object.entries(all)) {
    for (const asker of [nobody, wrong, forged]) {
      const { errors } = await asker.ask(ask);
      expect(errors?.[0]?.extensions?.code, name).toBe('UNAUTHENTICATED');
    }
  }
  for (const role of ['viewer', 'editor', 'admin'] as const) {
    const member = await platform.member(role);
    const signedIn = await platform.signedIn(member.userId);
    for (const [name, rule] of Object.entries(all)) {
      const enough = ORDER[role] >= ORDER[rule.role] && !rule.operator;
      // What changes what a person or a session may do is asked by ones of its own.
      const browser =
        rule.by === 'session' ? await platform.signedIn((await platform.member(role)).userId) : signedIn;
      expectRule(name, await browser.ask(rule.ask), enough, `session of ${role}: ${name}`);
    }
  }
  for (const scope of Object.values(KeyScope)) {
    const scopes = [...new Set([KeyScope.read, scope])];
    const { teamId, userId } = await platform.member('admin');
    const owner = { teamId, userId };
    const made = await createApiKey(platform.prisma, owner, { name: 'k', role: 'admin', scopes });
    const keyed = client(platform.address, made.key);
    for (const [name, rule] of Object.entries(all)) {
      const by = rule.by === 'producer' ? ['producer', 'produce'] : [rule.by];
      const enough = scopes.some((one) => by.includes(one)) && !rule.operator;
      expectRule(name, await keyed.ask(rule.ask), enough, `key to ${scope}: ${name}`);
    }
  }
  // Operators may what concerns the installation, as themselves and by a key that may administer, and see no more.
  const operator = await platform.operator();
  const browser = await platform.signedIn(operator.userId);
  for (const [name, rule] of Object.entries(all)) {
    if (rule.by !== 'session') expectRule(name, await browser.ask(rule.ask), true, `operator: ${name}`);
    if (!rule.operator) continue;
    expectRule(name, await browser.ask(rule.ask), true, `operator: ${name}`);
    expectRule(name, await operator.ask(rule.ask), rule.by !== 'session', `key of an operator: ${name}`);
    const own = { teamId: operator.teamId, userId: operator.userId };
    const may = { name: 'k', role: 'admin', scopes: ['read', 'run', 'produce'] } as const;
    const { key } = await createApiKey(platform.prisma, own, may);
    expectRule(name, await client(platform.address, key).ask(rule.ask), false, `lesser key: ${name}`);
  }
  // A key of the team itself, for another one of its projects: what is outside is as another team's.
  await platform.prisma.project.create({ data: { id: 'proj_o', teamId: on.teamId, name: 'ours' } });
  const { teamId, userId } = on;
  const may = { name: 'limited', role: 'admin', projectIds: ['proj_o'] } as const;
  const { key } = await createApiKey(platform.prisma, { teamId, userId }, may);
  const limited = client(platform.address, key);
  for (const [name, rule] of Object.entries(all)) {
    const enough = rule.by !== 'session' && !rule.whole && !rule.operator;
    expectRule(name, await limited.ask(rule.ask), enough, `limited key: ${name}`, OF_NO_PROJECT);
  }
  // Nothing of the other team has changed.
  const untouched = {
    id: on.experimentId,
    name: 'theirs',
    notes: '',
    tags: { isEmpty: true },
    deletedAt: null,
  };
  expect(await platform.prisma.experiment.count({ where: untouched })).toBe(1);
  expect(await platform.prisma.savedView.count({ where: { id: on.viewId, name: 'theirs' } })).toBe(1);
  expect(await platform.prisma.project.count({ where: { id: on.projectId, deletedAt: null } })).toBe(1);
  expect(
    await platform.prisma.publishedResult.count({ where: { id: on.publishedId, deletedAt: null } }),
  ).toBe(1);
  expect(await platform.prisma.run.count({ where: { id: on.runId, state: 'queued' } })).toBe(1);
  expect(
    await platform.prisma.membership.count({
      where: { userId: on.userId, teamId: on.teamId, role: 'admin' },
    }),
  ).toBe(1);
  expect(await platform.prisma.invitation.count({ where: { id: on.invitationId, revokedAt: null } })).toBe(1);
  expect(await platform.prisma.apiKey.count({ where: { id: on.keyId, revokedAt: null } })).toBe(1);
  expect(await platform.prisma.publicLink.count({ where: { id: on.linkId } })).toBe(1);
  const hook = { id: on.webhookId, active: true, secret: 'hash-of-a-webhook' };
  expect(await platform.prisma.webhook.count({ where: hook })).toBe(1);
  expect(
    await platform.prisma.webhookDelivery.count({ where: { webhookId: on.webhookId, state: 'failed' } }),
  ).toBe(1);
});

interface Answer {
  readonly data: Record<string, unknown>;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

function expectRule(
  name: string,
  { data, errors }: Answer,
  allowed: boolean,
  what: string,
  own: ReadonlySet<string> = OWN,
): void {
  if (!allowed) {
    expect(errors?.[0]?.extensions.code, what).toBe('FORBIDDEN');
    return;
  }
  expect(errors, what).toBeUndefined();
  if (!own.has(name)) expectNothing(data[name], what);
}

/** A foreign id answers as a missing one. */
function expectNothing(value: unknown, what: string): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    expect(
      value.filter((one) => one !== null),
      what,
    ).toEqual([]);
    return;
  }
  const answer = value as {
    nodes?: unknown[];
    totalCount?: number;
    ok?: boolean;
    errors?: { message: string }[];
  };
  if (answer.nodes)
    expect({ nodes: Object.values(answer.nodes).flat(), totalCount: answer.totalCount }, what).toEqual({
      nodes: [],
      totalCount: 0,
    });
  else
    expect({ ok: answer.ok, errors: answer.errors }, what).toMatchObject({
      ok: false,
      errors: [{ message: expect.stringMatching(/^there is no such/) }],
    });
}

it('a key ends when it is revoked, expires, or its owner loses the role', async () => {
  const { prisma, member, signedIn, address } = await startPlatform();
  const admin = await member('admin');
  const made = await (await signedIn(admin.userId)).ask(
    'mutation { createApiKey(input: { name: "ci", role: EDITOR }) { apiKey { id } key } }',
  );
  const { apiKey, key } = made.data.createApiKey;
  const { id } = apiKey;
  const ci = client(address, key);
  const role = async () => (await ci.ask('{ viewer { role viewerCanEdit } }')).data?.viewer ?? null;
  expect(await role()).toEqual({ role: 'EDITOR', viewerCanEdit: true });
  await prisma.membership.updateMany({ where: { userId: admin.userId }, data: { role: 'viewer' } });
  expect(await role()).toEqual({ role: 'VIEWER', viewerCanEdit: false });
  await prisma.apiKey.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1000) } });
  expect(await role()).toBe(null);
  await prisma.apiKey.update({ where: { id }, data: { expiresAt: null } });
  expect(await role()).not.toBe(null);
  await prisma.apiKey.update({ where: { id }, data: { revokedAt: new Date() } });
  expect(await role()).toBe(null);
});
