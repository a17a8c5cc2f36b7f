import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { Browser } from './browser.ts';
import { client, type Platform, startPlatform } from './platform.ts';
import { networkArtifact } from './rows.ts';

/** How a field is asked for, with ids that are another team's, and what it takes. */
interface Rule {
  readonly ask: string;
  readonly role: 'viewer' | 'editor' | 'admin';
  /** What is about a person, and takes signing in: no key is enough. */
  readonly session?: true;
}

/** What belongs to the other team, as GraphQL text. */
interface Foreign {
  readonly projectId: string;
  readonly modelId: string;
  readonly datasetId: string;
  readonly experimentId: string;
  readonly runId: string;
  readonly samplingRunId: string;
  readonly uploadId: string;
  readonly keyId: string;
  readonly viewId: string;
  readonly benchmarkId: string;
  readonly publishedId: string;
  readonly teamId: string;
  readonly userId: string;
  readonly invitationId: string;
}

/** Every field of Query and Mutation. One that is new and not here fails the test. */
const rules = (on: Foreign): Readonly<Record<string, Rule>> => ({
  apiKeys: { ask: '{ apiKeys { id } }', role: 'viewer' },
  addTags: {
    ask: `mutation { addTags(ids: ["${on.runId}"], tags: ["x"]) { ok error { message } } }`,
    role: 'editor',
  },
  addPublishedResult: {
    ask: 'mutation { addPublishedResult(input: { architecture: "a", method: "m", title: "t", venue: "v", savedMacs: 0.5 }) { ok } }',
    role: 'editor',
  },
  publishedResults: {
    ask: '{ publishedResults(filter: { architectures: ["theirs"] }) { nodes { id } totalCount } }',
    role: 'viewer',
  },
  publishedSubjects: { ask: '{ publishedSubjects { architecture } }', role: 'viewer' },
  removePublishedResult: {
    ask: `mutation { removePublishedResult(id: "${on.publishedId}") { ok error { message } } }`,
    role: 'editor',
  },
  compression: {
    ask: `{ compression(filter: { projectIds: ["${on.projectId}"] }) { nodes: rows { model } totalCount: runs } }`,
    role: 'viewer',
  },
  benchmark: { ask: `{ benchmark(id: "${on.benchmarkId}") { id } }`, role: 'viewer' },
  benchmarks: { ask: '{ benchmarks { nodes { id } totalCount } }', role: 'viewer' },
  benchmarkSections: { ask: `{ benchmarkSections(id: "${on.benchmarkId}") { title } }`, role: 'viewer' },
  startBenchmark: {
    ask: `mutation { startBenchmark(input: { name: "b", datasetId: "${on.datasetId}", modelIds: ["${on.modelId}"], sections: [{ title: "s", strategies: ["uniform:l1"], targets: ["macs=0.5"] }] }) { ok error { message } } }`,
    role: 'editor',
  },
  createSavedView: {
    ask: 'mutation { createSavedView(input: { name: "v", page: "runs", state: {} }) { ok } }',
    role: 'viewer',
  },
  deleteSavedView: {
    ask: `mutation { deleteSavedView(id: "${on.viewId}") { ok error { message } } }`,
    role: 'viewer',
  },
  moveToTrash: {
    ask: `mutation { moveToTrash(ids: ["${on.experimentId}"]) { ok error { message } } }`,
    role: 'editor',
  },
  node: { ask: `{ node(id: "${on.viewId}") { id } }`, role: 'viewer' },
  nodes: {
    ask: `{ nodes(ids: ["${on.projectId}", "${on.modelId}", "${on.datasetId}", "${on.experimentId}", "${on.runId}", "${on.samplingRunId}", "${on.viewId}", "${on.publishedId}", "${on.benchmarkId}"]) { id } }`,
    role: 'viewer',
  },
  purge: {
    ask: `mutation { purge(ids: ["${on.experimentId}"]) { ok purged { rows } } }`,
    role: 'admin',
  },
  purgeArtifacts: { ask: 'mutation { purgeArtifacts { ok } }', role: 'admin' },
  removeTags: {
    ask: `mutation { removeTags(ids: ["${on.modelId}"], tags: ["x"]) { ok error { message } } }`,
    role: 'editor',
  },
  rename: {
    ask: `mutation { rename(id: "${on.datasetId}", name: "x") { ok error { message } } }`,
    role: 'editor',
  },
  restore: {
    ask: `mutation { restore(ids: ["${on.projectId}"]) { ok error { message } } }`,
    role: 'editor',
  },
  savedViews: { ask: '{ savedViews(page: "theirs") { id } }', role: 'viewer' },
  setNotes: {
    ask: `mutation { setNotes(ids: ["${on.experimentId}"], notes: "x") { ok error { message } } }`,
    role: 'editor',
  },
  setTags: {
    ask: `mutation { setTags(ids: ["${on.experimentId}"], tags: ["x"]) { ok error { message } } }`,
    role: 'editor',
  },
  structures: { ask: `{ structures(runIds: ["${on.runId}"]) { runId } }`, role: 'viewer' },
  tags: { ask: '{ tags { tag } }', role: 'viewer' },
  trash: { ask: '{ trash { nodes { id } totalCount } }', role: 'viewer' },
  updateExperiment: {
    ask: `mutation { updateExperiment(id: "${on.experimentId}", name: "x") { ok error { message } } }`,
    role: 'editor',
  },
  updateSavedView: {
    ask: `mutation { updateSavedView(id: "${on.viewId}", name: "x") { ok error { message } } }`,
    role: 'viewer',
  },
  analysis: {
    ask: `{ analysis(filter: { experimentIds: ["${on.experimentId}"] }) { totalCount: count nodes: lacking } }`,
    role: 'viewer',
  },
  comparison: {
    ask: `{ comparison(filter: { experimentIds: ["${on.experimentId}"] }) { totalCount: count nodes: columns { id } } }`,
    role: 'viewer',
  },
  dataset: { ask: `{ dataset(id: "${on.datasetId}") { id } }`, role: 'viewer' },
  datasets: { ask: '{ datasets { nodes { id } totalCount } }', role: 'viewer' },
  experiment: { ask: `{ experiment(id: "${on.experimentId}") { id } }`, role: 'viewer' },
  experiments: {
    ask: `{ experiments(projectId: "${on.projectId}") { nodes { id } totalCount } }`,
    role: 'viewer',
  },
  methods: { ask: '{ methods { criteria { name } } }', role: 'viewer' },
  model: { ask: `{ model(id: "${on.modelId}") { id } }`, role: 'viewer' },
  models: { ask: `{ models(projectId: "${on.projectId}") { nodes { id } totalCount } }`, role: 'viewer' },
  project: { ask: `{ project(id: "${on.projectId}") { id } }`, role: 'viewer' },
  projects: { ask: '{ projects { nodes { id } totalCount } }', role: 'viewer' },
  run: { ask: `{ run(id: "${on.runId}") { id } }`, role: 'viewer' },
  runs: { ask: `{ runs(experimentId: "${on.experimentId}") { nodes { id } totalCount } }`, role: 'viewer' },
  samplingRun: { ask: `{ samplingRun(id: "${on.samplingRunId}") { id } }`, role: 'viewer' },
  viewer: { ask: '{ viewer { teamId } }', role: 'viewer' },
  queue: { ask: '{ queue { waiting } }', role: 'viewer' },
  workers: { ask: '{ workers { id } }', role: 'viewer' },
  drainWorker: { ask: 'mutation { drainWorker(id: "worker_none") { ok error { message } } }', role: 'admin' },
  resumeWorker: {
    ask: 'mutation { resumeWorker(id: "worker_none") { ok error { message } } }',
    role: 'admin',
  },
  cancelRuns: {
    ask: `mutation { cancelRuns(ids: ["${on.runId}"]) { ok error { message } } }`,
    role: 'editor',
  },
  cloneExperiment: {
    ask: `mutation { cloneExperiment(id: "${on.experimentId}") { ok error { message } } }`,
    role: 'editor',
  },
  cloneRun: { ask: `mutation { cloneRun(id: "${on.runId}") { ok error { message } } }`, role: 'editor' },
  retryRuns: {
    ask: `mutation { retryRuns(ids: ["${on.runId}"]) { ok error { message } } }`,
    role: 'editor',
  },
  setPriority: {
    ask: `mutation { setPriority(ids: ["${on.runId}"], priority: 1) { ok error { message } } }`,
    role: 'editor',
  },
  createApiKey: { ask: 'mutation { createApiKey(name: "k") { ok } }', role: 'viewer' },
  createExperiment: {
    ask: `mutation { createExperiment(input: { modelId: "${on.modelId}", datasetId: "${on.datasetId}", name: "x" }) { ok error { message } } }`,
    role: 'editor',
  },
  createProject: { ask: 'mutation { createProject(name: "mine") { ok } }', role: 'editor' },
  createUpload: { ask: 'mutation { createUpload(fileName: "n.onnx") { ok } }', role: 'editor' },
  deleteProject: {
    ask: `mutation { deleteProject(id: "${on.projectId}") { ok error { message } } }`,
    role: 'editor',
  },
  registerDataset: { ask: 'mutation { registerDataset(name: "none") { ok } }', role: 'editor' },
  registerModel: {
    ask: `mutation { registerModel(projectId: "${on.projectId}", uploadId: "${on.uploadId}", name: "x") { ok error { message } } }`,
    role: 'editor',
  },
  restoreProject: {
    ask: `mutation { restoreProject(id: "${on.projectId}") { ok error { message } } }`,
    role: 'editor',
  },
  revokeApiKey: {
    ask: `mutation { revokeApiKey(id: "${on.keyId}") { ok error { message } } }`,
    role: 'viewer',
  },
  acceptInvitation: {
    ask: 'mutation { acceptInvitation(token: "guessed") { ok error { message } } }',
    role: 'viewer',
    session: true,
  },
  auditLog: {
    ask: `{ auditLog(actor: "${on.userId}", subject: "${on.projectId}") { nodes { id } totalCount } }`,
    role: 'admin',
  },
  changeMemberRole: {
    ask: `mutation { changeMemberRole(userId: "${on.userId}", role: viewer) { ok error { message } } }`,
    role: 'admin',
  },
  invitations: { ask: '{ invitations { nodes { id } totalCount } }', role: 'admin' },
  inviteMember: { ask: 'mutation { inviteMember { ok } }', role: 'admin' },
  leaveTeam: { ask: 'mutation { leaveTeam { ok } }', role: 'viewer', session: true },
  members: { ask: '{ members { nodes { id } totalCount } }', role: 'viewer' },
  removeMember: {
    ask: `mutation { removeMember(userId: "${on.userId}") { ok error { message } } }`,
    role: 'admin',
  },
  revokeInvitation: {
    ask: `mutation { revokeInvitation(id: "${on.invitationId}") { ok error { message } } }`,
    role: 'admin',
  },
  createTeam: { ask: 'mutation { createTeam(name: "mine") { ok } }', role: 'viewer', session: true },
  renameTeam: { ask: 'mutation { renameTeam(name: "ours") { ok } }', role: 'admin' },
  switchTeam: {
    ask: `mutation { switchTeam(teamId: "${on.teamId}") { ok error { message } } }`,
    role: 'viewer',
    session: true,
  },
  updateAccount: {
    ask: 'mutation { updateAccount(name: "Me") { ok } }',
    role: 'viewer',
    session: true,
  },
  drawnStrategies: {
    ask: `{ drawnStrategies(input: { datasetId: "${on.datasetId}", strategies: [{}] }) }`,
    role: 'viewer',
  },
  startRuns: {
    ask: `mutation { startRuns(experimentId: "${on.experimentId}", strategies: [{}], targets: [{ share: 0.5 }]) { ok error { message } } }`,
    role: 'editor',
  },
});

/** Fields that give what the asking member's own, whatever ids there are. */
const OWN = new Set([
  'addPublishedResult',
  'apiKeys',
  'createApiKey',
  'createProject',
  'createSavedView',
  'purge',
  'purgeArtifacts',
  'createTeam',
  'inviteMember',
  'leaveTeam',
  'members',
  'createUpload',
  'queue',
  'methods',
  'publishedSubjects',
  'registerDataset',
  'renameTeam',
  'updateAccount',
  'viewer',
  'workers',
]);
const ORDER = { viewer: 0, editor: 1, admin: 2 } as const;

it('every field has its rule, and keeps to it for every role', async () => {
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
      const enough = ORDER[role] >= ORDER[rule.role];
      expectRule(name, await member.ask(rule.ask), enough && !rule.session, `key of ${role}: ${name}`);
      // What changes what a person or a session may do is asked by ones of its own.
      const browser = rule.session ? await platform.signedIn((await platform.member(role)).userId) : signedIn;
      expectRule(name, await browser.ask(rule.ask), enough, `session of ${role}: ${name}`);
    }
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
});

interface Answer {
  readonly data: Record<string, unknown>;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

function expectRule(name: string, { data, errors }: Answer, allowed: boolean, what: string): void {
  if (!allowed) {
    expect(errors?.[0]?.extensions.code, what).toBe('FORBIDDEN');
    return;
  }
  expect(errors, what).toBeUndefined();
  if (!OWN.has(name)) expectNothing(data[name], what);
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
    error?: { message: string };
  };
  if (answer.nodes)
    expect({ nodes: Object.values(answer.nodes).flat(), totalCount: answer.totalCount }, what).toEqual({
      nodes: [],
      totalCount: 0,
    });
  else
    expect({ ok: answer.ok, error: answer.error }, what).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/^there is no such/) },
    });
}

it('a key ends when it is revoked, expires, or its owner loses the role', async () => {
  const { prisma, member, address } = await startPlatform();
  const admin = await member('admin');
  const made = await admin.ask('mutation { createApiKey(name: "ci", role: editor) { apiKey { id key } } }');
  const { id, key } = made.data.createApiKey.apiKey;
  const ci = client(address, key);
  const role = async () => (await ci.ask('{ viewer { role viewerCanEdit } }')).data?.viewer ?? null;
  expect(await role()).toEqual({ role: 'editor', viewerCanEdit: true });
  await prisma.membership.updateMany({ where: { userId: admin.userId }, data: { role: 'viewer' } });
  expect(await role()).toEqual({ role: 'viewer', viewerCanEdit: false });
  await prisma.apiKey.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1000) } });
  expect(await role()).toBe(null);
  await prisma.apiKey.update({ where: { id }, data: { expiresAt: null } });
  expect(await role()).not.toBe(null);
  await prisma.apiKey.update({ where: { id }, data: { revokedAt: new Date() } });
  expect(await role()).toBe(null);
});

async function foreignTeam(platform: Platform): Promise<Foreign> {
  const { member, prisma } = platform;
  const { teamId, userId } = await member('admin');
  const sha256 = await networkArtifact(platform);
  await prisma.project.create({ data: { id: 'proj_f', teamId, name: 'theirs' } });
  await prisma.model.create({
    data: {
      ...{ id: 'model_f', teamId, projectId: 'proj_f', name: 'theirs', sha256, networkHash: 'h' },
      ...{ params: 1, macs: 1, summary: {} },
    },
  });
  await prisma.dataset.create({
    data: { id: 'data_f', teamId, name: 'theirs', builtIn: 'mnist', hash: 'h', classes: [...'0123456789'] },
  });
  await prisma.experiment.create({
    data: {
      ...{
        id: 'exp_f',
        teamId,
        projectId: 'proj_f',
        modelId: 'model_f',
        datasetId: 'data_f',
        name: 'theirs',
      },
      ...{ samples: 1, grid: [0.5], seed: 0 },
    },
  });
  await prisma.samplingRun.create({
    data: {
      ...{ id: 'sample_f', key: 'k', modelId: 'model_f', datasetId: 'data_f', networkHash: 'h' },
      ...{ datasetHash: 'h', criterion: 'l1', grid: [0.5], samples: 1, seed: 0 },
    },
  });
  await prisma.run.create({
    data: {
      ...{ id: 'run_f', teamId, experimentId: 'exp_f', samplingRunId: 'sample_f', allocation: 'cie' },
      ...{ criterion: 'l1', metric: 'macs', share: 0.5, seed: 0 },
    },
  });
  await prisma.upload.create({ data: { id: 'upload_f', teamId, fileName: 'n', limit: 1, sha256 } });
  await prisma.savedView.create({
    data: { id: 'view_f', teamId, userId, name: 'theirs', page: 'theirs', state: {}, shared: true },
  });
  await prisma.publishedResult.create({
    data: { id: 'pub_f', teamId, architecture: 'theirs', method: 'theirs', title: 'theirs', venue: 'v' },
  });
  await prisma.benchmark.create({
    data: { id: 'bench_f', teamId, name: 'theirs', spec: { grid: '0.5', sections: [] } },
  });
  await prisma.apiKey.create({
    data: { id: 'key_f', teamId, userId, name: 'k', prefix: 'esp_', hash: 'x', role: 'admin' },
  });
  await prisma.invitation.create({
    data: {
      ...{ id: 'invite_f', teamId, role: 'admin', hash: 'x', invitedById: userId },
      expiresAt: new Date(Date.now() + 1e6),
    },
  });
  await prisma.auditEntry.create({
    data: { id: 'audit_f', teamId, actor: userId, action: 'project.create', subject: 'proj_f', data: {} },
  });
  return {
    ...{ projectId: 'proj_f', modelId: 'model_f', datasetId: 'data_f', experimentId: 'exp_f' },
    ...{ runId: 'run_f', samplingRunId: 'sample_f', uploadId: 'upload_f', keyId: 'key_f', teamId, userId },
    invitationId: 'invite_f',
    viewId: 'view_f',
    publishedId: 'pub_f',
    benchmarkId: 'bench_f',
  };
}
