import { getNamedType, isInterfaceType, isLeafType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { createApiKey } from '../src/people/api-keys.ts';
import { client, type Member, type Platform, startPlatform } from './platform.ts';
import { type Foreign, foreignTeam } from './rights-rules.ts';

/** A thing of each kind, all of one team but the worker. */
async function ofEachKind(platform: Platform) {
  const on = await foreignTeam(platform);
  const { prisma } = platform;
  await prisma.project.create({
    data: { id: 'proj_t', teamId: on.teamId, name: 'thrown away', deletedAt: new Date() },
  });
  await prisma.worker.create({
    data: {
      ...{ id: 'worker_f', host: 'host_f', pid: 1, engine: 'onnxruntime', cores: 2, memoryBytes: 1 },
      version: 'v',
    },
  });
  const sections = [{ title: 's', strategies: ['uniform:l1'], targets: ['macs=0.5'], samples: 1 }];
  await prisma.benchmark.update({ where: { id: on.benchmarkId }, data: { spec: { grid: '0.5', sections } } });
  await prisma.apiKey.update({ where: { id: on.keyId }, data: { hash: 'hash-of-a-key', scopes: ['read'] } });
  await prisma.invitation.update({ where: { id: on.invitationId }, data: { hash: 'hash-of-an-invitation' } });
  return { on, ids: idsOf(on) };
}

function idsOf(on: Foreign): Readonly<Record<string, string>> {
  return {
    ...{ Project: on.projectId, Model: on.modelId, Dataset: on.datasetId, Experiment: on.experimentId },
    ...{ Run: on.runId, SamplingRun: on.samplingRunId, SavedView: on.viewId, Benchmark: on.benchmarkId },
    ...{ PublishedResult: on.publishedId, Upload: on.uploadId, Team: on.teamId, User: on.userId },
    ...{ Member: `member_${on.teamId}_${on.userId}`, ApiKey: on.keyId, Invitation: on.invitationId },
    ...{ Device: on.deviceId, DeviceProfile: on.profileId, Profiling: on.profilingId },
    ...{
      Measurement: on.measurementId,
      Webhook: on.webhookId,
      WebhookDelivery: on.deliveryId,
      PublicLink: on.linkId,
    },
    ...{ AuditEntry: 'audit_f', TrashItem: 'trash_proj_t', Worker: 'worker_f' },
  };
}

/** What somebody finds of it by ids: one by one and all at once, which must be the same. */
async function found(who: Pick<Member, 'ask'>, ids: Readonly<Record<string, string>>): Promise<string[]> {
  const each = Object.entries(ids).map(([type, id]) => `${type}: node(id: "${id}") { __typename id }`);
  // A query has at most 20 aliases.
  const half = Math.ceil(each.length / 2);
  const answers = await Promise.all(
    [each.slice(0, half), each.slice(half)].map((some) => who.ask(`{ __typename ${some.join(' ')} }`)),
  );
  const together = await who.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', {
    ids: Object.values(ids),
  });
  // What is out of reach is not told to be there.
  for (const { errors } of [...answers, together]) expect(errors).toBeUndefined();
  const { __typename: _, ...one } = Object.assign({}, ...answers.map(({ data }) => data));
  const { nodes } = together.data;
  expect(nodes).toEqual(Object.values(one));
  const there = Object.entries(ids).flatMap(([type, id]) => (one[type] ? [{ __typename: type, id }] : []));
  expect(nodes.filter((node: unknown) => node !== null)).toEqual(there);
  return there.map(({ __typename }) => __typename).sort();
}

const LISTS = {
  ...{ ApiKey: 'apiKeys', AuditEntry: 'auditLog', Benchmark: 'benchmarks', Dataset: 'datasets' },
  ...{ Device: 'devices', DeviceProfile: 'deviceProfiles' },
  ...{
    Experiment: 'experiments',
    Invitation: 'invitations',
    Measurement: 'measurements',
    Member: 'members',
    Model: 'models',
  },
  ...{
    Profiling: 'profilings',
    Project: 'projects',
    PublicLink: 'publicLinks',
    PublishedResult: 'publishedResults',
    Run: 'runs',
    SamplingRun: 'samplingRuns',
  },
  ...{
    SavedView: 'savedViews',
    TrashItem: 'trash',
    Webhook: 'webhooks',
    Worker: 'workers',
  },
};

/** What of it is in the lists that somebody may see. */
async function inLists(who: Pick<Member, 'ask'>, ids: Readonly<Record<string, string>>): Promise<string[]> {
  const there = await Promise.all(
    Object.entries(LISTS).map(async ([type, list]) => {
      const { data } = await who.ask(`{ ${list}(last: 100) { nodes { id } } }`);
      const nodes: { id: string }[] = data?.[list].nodes ?? [];
      return nodes.some(({ id }) => id === ids[type]) ? [type] : [];
    }),
  );
  return there.flat();
}

/** What takes no more than to read. */
const READ = [
  ...['Benchmark', 'Dataset', 'Experiment', 'Member', 'Model', 'Project', 'PublishedResult', 'Run'],
  ...[
    'Device',
    'DeviceProfile',
    'Measurement',
    'Profiling',
    'PublicLink',
    'SamplingRun',
    'SavedView',
    'Team',
    'TrashItem',
    'User',
  ],
];

it('whatever has an id is found by it, by whoever may see its list, and by nobody else', async () => {
  const platform = await startPlatform();
  const { member, signedIn, prisma, address } = platform;
  const { on, ids } = await ofEachKind(platform);
  await prisma.project.create({ data: { id: 'proj_o', teamId: on.teamId, name: 'another' } });
  const node = (await createSchema()).getType('Node');
  if (!isInterfaceType(node)) throw new Error('there are nodes');
  const kinds = (await createSchema()).getPossibleTypes(node).map(({ name }) => name);
  expect(Object.keys(ids).sort()).toEqual(kinds.sort());

  const { teamId, userId } = on;
  const keyed = async (may: object) => {
    const own = { name: 'k', role: 'admin', ...may } as const;
    return client(address, (await createApiKey(prisma, { teamId, userId }, own)).key);
  };
  const [admin, editor, viewer] = [
    await member('admin', teamId),
    await member('editor', teamId),
    await member('viewer', teamId),
  ];
  const stranger = await member('admin');
  const operator = await platform.operator();
  const without = (types: readonly string[], ...left: string[]) =>
    types.filter((type) => !left.includes(type)).sort();
  const sorted = (...types: string[]) => types.sort();
  const expected = [
    ['an admin', await signedIn(admin.userId), without(kinds, 'Worker')],
    ['whoever made the key', await signedIn(userId), without(kinds, 'Worker')],
    ['an editor', await signedIn(editor.userId), sorted(...READ, 'Upload')],
    ['a viewer', await signedIn(viewer.userId), READ.toSorted()],
    // No key reads what takes signing in.
    ["an admin's key", admin, without(kinds, 'Worker', 'ApiKey', 'Invitation')],
    ['a key that may read', await keyed({ scopes: ['read'] }), READ.toSorted()],
    ['a key that may produce', await keyed({ scopes: ['read', 'produce'] }), sorted(...READ, 'Upload')],
    ["a viewer's key", viewer, READ.toSorted()],
    // A benchmark without experiments is in no project.
    [
      'a key for the project',
      await keyed({ projectIds: [on.projectId] }),
      without(READ, 'Benchmark', 'Member', 'PublicLink', 'SavedView', 'TrashItem'),
    ],
    [
      'a key for another project',
      await keyed({ projectIds: ['proj_o'] }),
      sorted('Dataset', 'Device', 'PublishedResult', 'Team', 'User'),
    ],
    ['an admin of another team', await signedIn(stranger.userId), []],
    ["another team's key", stranger, []],
    ['an operator', await signedIn(operator.userId), ['Worker']],
    ["an operator's key", operator, ['Worker']],
  ] as const;
  for (const [who, asker, types] of expected) {
    expect(await found(asker, ids), who).toEqual(types);
    expect(await inLists(asker, ids), who).toEqual(types.filter((type) => type in LISTS));
  }
  // Themselves, and as many teams as they are in.
  expect(
    await found(await signedIn(stranger.userId), { Team: stranger.teamId, User: stranger.userId }),
  ).toEqual(['Team', 'User']);
  await prisma.membership.create({ data: { teamId: stranger.teamId, userId, role: 'viewer' } });
  const teams = { Team: stranger.teamId };
  expect(await found(await signedIn(userId), teams)).toEqual(['Team']);
  expect(await found(await keyed({}), teams)).toEqual([]);

  // Of one who left nothing is found, but what is theirs tells whose it is.
  await prisma.membership.delete({ where: { teamId_userId: { teamId, userId } } });
  expect(await found(admin, { User: userId, Member: ids.Member ?? '' })).toEqual([]);
  const { data } = await admin.ask(`{ node(id: "${on.viewId}") { ... on SavedView { user { name } } } }`);
  expect(data.node).toEqual({ user: { name: 'Somebody' } });
});

it('what is in the trash, revoked or over is not found; that it lies in the trash is', async () => {
  const platform = await startPlatform();
  const { prisma, member, signedIn } = platform;
  const { on, ids } = await ofEachKind(platform);
  const admin = await signedIn((await member('admin', on.teamId)).userId);
  const deletedAt = new Date();
  await prisma.project.update({ where: { id: on.projectId }, data: { deletedAt } });
  await prisma.dataset.update({ where: { id: on.datasetId }, data: { deletedAt } });
  await prisma.benchmark.update({ where: { id: on.benchmarkId }, data: { deletedAt } });
  await prisma.publishedResult.update({ where: { id: on.publishedId }, data: { deletedAt } });
  await prisma.device.update({ where: { id: on.deviceId }, data: { deletedAt } });
  await prisma.apiKey.update({ where: { id: on.keyId }, data: { revokedAt: deletedAt } });
  await prisma.invitation.update({ where: { id: on.invitationId }, data: { expiresAt: deletedAt } });
  expect(await found(admin, ids)).toEqual(
    [
      ...['AuditEntry', 'Member', 'SavedView', 'Team', 'TrashItem', 'Upload', 'User'],
      ...['PublicLink', 'Webhook', 'WebhookDelivery'],
    ].sort(),
  );
  for (const id of [on.projectId, on.datasetId, on.benchmarkId, on.publishedId, on.deviceId]) {
    const { data } = await admin.ask(`{ node(id: "trash_${id}") { ... on TrashItem { reference } } }`);
    expect(data.node).toEqual({ reference: id });
  }
  // Not what lies within.
  expect(await found(admin, { TrashItem: `trash_${on.runId}` })).toEqual([]);
});

it('no node shows a secret', async () => {
  const platform = await startPlatform();
  const { on, ids } = await ofEachKind(platform);
  const schema = await createSchema();
  const boss = await platform.signedIn((await platform.operator(on.teamId)).userId);
  for (const [name, id] of Object.entries(ids)) {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(name);
    const told = Object.values(type.getFields()).filter(
      (field) => field.args.length === 0 && isLeafType(getNamedType(field.type)),
    );
    const fields = told.map((field) => field.name).join(' ');
    const { data } = await boss.ask(`{ node(id: "${id}") { ... on ${name} { ${fields} } } }`);
    expect(data.node, name).toMatchObject({ id });
    expect(JSON.stringify(data)).not.toMatch(/hash-of/);
  }
});
