import type { KeyScope } from '@espalier/store';
import type { Platform } from './platform.ts';
import { networkArtifact } from './rows.ts';

/** How a field is asked for, with ids that are not there for whoever asks, and what it takes. */
export interface Rule {
  readonly ask: string;
  readonly role: 'viewer' | 'editor' | 'admin';
  /** The scope of a key; `session` for what is about people and keys: no key is enough. */
  readonly by: KeyScope | 'session';
  /** Concerns the whole team, and is not for a key that is limited to projects. */
  readonly whole?: true;
  /** Concerns the whole installation. */
  readonly operator?: true;
}

const MANAGE = { role: 'admin', by: 'administer', whole: true } as const;
const OPERATOR = { role: 'viewer', by: 'administer', whole: true, operator: true } as const;

/** What belongs to the other team, as GraphQL text. */
export interface Foreign {
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
  readonly deviceId: string;
  readonly profileId: string;
  readonly profilingId: string;
  readonly measurementId: string;
  readonly webhookId: string;
  readonly deliveryId: string;
  readonly linkId: string;
  readonly teamId: string;
  readonly userId: string;
  readonly invitationId: string;
}

/** Every field of Query and Mutation. One that is new and not here fails the test. */
export const rules = (on: Foreign): Readonly<Record<string, Rule>> => ({
  apiKeys: { ask: '{ apiKeys { nodes { id } } }', role: 'viewer', by: 'session' },
  addTags: {
    ask: `mutation { addTags(input: { ids: ["${on.runId}"], tags: ["x"] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  addPublishedResult: {
    ask: 'mutation { addPublishedResult(input: { architecture: "a", method: "m", title: "t", venue: "v", savedMacs: 0.5 }) { ok } }',
    role: 'editor',
    by: 'produce',
    whole: true,
  },
  publishedResults: {
    ask: '{ publishedResults(filter: { architecture: { in: ["theirs"] } }) { nodes { id } totalCount } }',
    role: 'viewer',
    by: 'read',
  },
  publishedSubjects: { ask: '{ publishedSubjects { architecture } }', role: 'viewer', by: 'read' },
  removePublishedResult: {
    ask: `mutation { removePublishedResult(input: { id: "${on.publishedId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
    whole: true,
  },
  compression: {
    ask: `{ compression(filter: { project: { in: ["${on.projectId}"] } }) { nodes: rows { model { id } } totalCount: runs } }`,
    role: 'viewer',
    by: 'read',
  },
  ratioFront: {
    ask: `{ ratioFront(filter: { project: { in: ["${on.projectId}"] } }) { nodes: points { ratio } totalCount: networks } }`,
    role: 'viewer',
    by: 'read',
  },
  ratioSummary: {
    ask: `{ ratioSummary(by: [MODEL], filter: { project: { in: ["${on.projectId}"] } }) { nodes: groups { runs } totalCount: groupCount } }`,
    role: 'viewer',
    by: 'read',
  },
  benchmark: { ask: `{ benchmark(id: "${on.benchmarkId}") { id } }`, role: 'viewer', by: 'read' },
  benchmarks: { ask: '{ benchmarks { nodes { id } totalCount } }', role: 'viewer', by: 'read' },
  benchmarkSections: {
    ask: `{ benchmarkSections(id: "${on.benchmarkId}") { title } }`,
    role: 'viewer',
    by: 'read',
  },
  startBenchmark: {
    ask: `mutation { startBenchmark(input: { name: "b", datasetId: "${on.datasetId}", modelIds: ["${on.modelId}"], sections: [{ title: "s", strategies: ["uniform:l1"], targets: ["macs=0.5"] }] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'run',
  },
  createSavedView: {
    ask: 'mutation { createSavedView(input: { name: "v", page: "runs", state: {} }) { ok } }',
    role: 'viewer',
    by: 'produce',
    whole: true,
  },
  deleteSavedView: {
    ask: `mutation { deleteSavedView(input: { id: "${on.viewId}" }) { ok errors { message } } }`,
    role: 'viewer',
    by: 'produce',
    whole: true,
  },
  moveToTrash: {
    ask: `mutation { moveToTrash(input: { ids: ["${on.experimentId}"] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  node: { ask: `{ node(id: "${on.viewId}") { id } }`, role: 'viewer', by: 'read' },
  nodes: {
    ask: `{ nodes(ids: ["${on.projectId}", "${on.modelId}", "${on.datasetId}", "${on.experimentId}", "${on.runId}", "${on.samplingRunId}", "${on.viewId}", "${on.publishedId}", "${on.benchmarkId}", "${on.deviceId}", "${on.profileId}", "${on.profilingId}", "${on.measurementId}", "${on.webhookId}", "${on.deliveryId}", "${on.linkId}"]) { id } }`,
    role: 'viewer',
    by: 'read',
  },
  purge: {
    ask: `mutation { purge(input: { ids: ["${on.experimentId}"] }) { ok purged { rows } } }`,
    role: 'admin',
    by: 'administer',
    whole: true,
  },
  purgeArtifacts: {
    ask: 'mutation { purgeArtifacts(input: {}) { ok } }',
    role: 'admin',
    by: 'administer',
    whole: true,
  },
  removeTags: {
    ask: `mutation { removeTags(input: { ids: ["${on.modelId}"], tags: ["x"] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  rename: {
    ask: `mutation { rename(input: { id: "${on.datasetId}", name: "x" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  restore: {
    ask: `mutation { restore(input: { ids: ["${on.projectId}"] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
    whole: true,
  },
  savedViews: {
    ask: '{ savedViews(filter: { page: { in: ["theirs"] } }) { nodes { id } totalCount } }',
    role: 'viewer',
    by: 'read',
    whole: true,
  },
  setNotes: {
    ask: `mutation { setNotes(input: { ids: ["${on.experimentId}"], notes: "x" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  setShipped: {
    ask: `mutation { setShipped(input: { runId: "${on.runId}", shipped: true }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  inputPreview: {
    ask: `{ inputPreview(image: "${on.datasetId}", model: "${on.modelId}") { url } }`,
    role: 'viewer',
    by: 'read',
  },
  setPreprocessing: {
    ask: `mutation { setPreprocessing(input: { modelId: "${on.modelId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  setTags: {
    ask: `mutation { setTags(input: { ids: ["${on.experimentId}"], tags: ["x"] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  structures: { ask: `{ structures(runIds: ["${on.runId}"]) { run { id } } }`, role: 'viewer', by: 'read' },
  tags: { ask: '{ tags { nodes { tag } totalCount } }', role: 'viewer', by: 'read' },
  trash: { ask: '{ trash { nodes { id } totalCount } }', role: 'viewer', by: 'read', whole: true },
  updateExperiment: {
    ask: `mutation { updateExperiment(input: { id: "${on.experimentId}", name: "x" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  updateSavedView: {
    ask: `mutation { updateSavedView(input: { id: "${on.viewId}", name: "x" }) { ok errors { message } } }`,
    role: 'viewer',
    by: 'produce',
    whole: true,
  },
  analysis: {
    ask: `{ analysis(filter: { experiment: { in: ["${on.experimentId}"] } }) { totalCount: count nodes: groups { name } } }`,
    role: 'viewer',
    by: 'read',
  },
  comparison: {
    ask: `{ comparison(filter: { experiment: { in: ["${on.experimentId}"] } }) { totalCount: count nodes: columns { runId } } }`,
    role: 'viewer',
    by: 'read',
  },
  dataset: { ask: `{ dataset(id: "${on.datasetId}") { id } }`, role: 'viewer', by: 'read' },
  datasets: { ask: '{ datasets { nodes { id } totalCount } }', role: 'viewer', by: 'read' },
  device: { ask: `{ device(id: "${on.deviceId}") { id } }`, role: 'viewer', by: 'read' },
  devices: { ask: '{ devices { nodes { id } totalCount } }', role: 'viewer', by: 'read' },
  deviceProfile: { ask: `{ deviceProfile(id: "${on.profileId}") { id } }`, role: 'viewer', by: 'read' },
  deviceProfiles: { ask: '{ deviceProfiles { nodes { id } totalCount } }', role: 'viewer', by: 'read' },
  measurement: { ask: `{ measurement(id: "${on.measurementId}") { id } }`, role: 'viewer', by: 'read' },
  measurements: { ask: '{ measurements { nodes { id } totalCount } }', role: 'viewer', by: 'read' },
  recordMeasurements: {
    ask: `mutation { recordMeasurements(input: { deviceId: "${on.deviceId}", cpu: "c", cores: 1, platform: "p", engine: ONNXRUNTIME, engineVersion: "1", measuredAt: "2026-11-01T10:00:00Z", measurements: [{ networkHash: "h", networkName: "n", bytes: 1, params: 1, macs: 1, threads: 1, batch: 1, p50Ms: 1, p10Ms: 1, p90Ms: 1, imagesPerSecond: 1, repeats: 1, activationBytes: 1 }] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
    whole: true,
  },
  removeMeasurements: {
    ask: `mutation { removeMeasurements(input: { measurementId: "${on.measurementId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
    whole: true,
  },
  profiling: { ask: `{ profiling(id: "${on.profilingId}") { id } }`, role: 'viewer', by: 'read' },
  profilings: { ask: '{ profilings { nodes { id } totalCount } }', role: 'viewer', by: 'read' },
  // Machines are those of the installation.
  machines: { ask: '{ machines { host } }', role: 'viewer', by: 'read' },
  measureProfile: {
    ask: `mutation { measureProfile(input: { modelId: "${on.modelId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'run',
  },
  cancelProfiling: {
    ask: `mutation { cancelProfiling(input: { id: "${on.profilingId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'run',
  },
  registerDeviceProfile: {
    ask: `mutation { registerDeviceProfile(input: { uploadId: "${on.uploadId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
    whole: true,
  },
  experiment: { ask: `{ experiment(id: "${on.experimentId}") { id } }`, role: 'viewer', by: 'read' },
  experiments: {
    ask: `{ experiments(filter: { project: { in: ["${on.projectId}"] } }) { nodes { id } totalCount } }`,
    role: 'viewer',
    by: 'read',
  },
  methods: { ask: '{ methods { criteria { name } } }', role: 'viewer', by: 'read' },
  model: { ask: `{ model(id: "${on.modelId}") { id } }`, role: 'viewer', by: 'read' },
  models: {
    ask: `{ models(filter: { project: { in: ["${on.projectId}"] } }) { nodes { id } totalCount } }`,
    role: 'viewer',
    by: 'read',
  },
  project: { ask: `{ project(id: "${on.projectId}") { id } }`, role: 'viewer', by: 'read' },
  projects: { ask: '{ projects { nodes { id } totalCount } }', role: 'viewer', by: 'read' },
  run: { ask: `{ run(id: "${on.runId}") { id } }`, role: 'viewer', by: 'read' },
  runs: {
    ask: `{ runs(filter: { experiment: { in: ["${on.experimentId}"] } }) { nodes { id } totalCount } }`,
    role: 'viewer',
    by: 'read',
  },
  createSampling: {
    ask: `mutation { createSampling(input: { key: "k", modelId: "${on.modelId}", datasetId: "${on.datasetId}", samples: 1, metric: { name: "top1", direction: HIGHER }, source: { tool: "t" } }) { ok errors { message } } }`,
    role: 'editor',
    by: 'producer',
  },
  putSamplePoints: {
    ask: `mutation { putSamplePoints(input: { key: "k", samplingRunId: "${on.samplingRunId}", points: [{ removed: 0, value: 0.5, images: 1 }] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'producer',
  },
  recordRun: {
    ask: `mutation { recordRun(input: { key: "k", modelId: "${on.modelId}", datasetId: "${on.datasetId}", experiment: "e", allocation: "a", criterion: "c", share: 0.5, structure: [], source: { tool: "t" } }) { ok errors { message } } }`,
    role: 'editor',
    by: 'producer',
  },
  recordEpochs: {
    ask: `mutation { recordEpochs(input: { key: "k", runId: "${on.runId}", epochs: [] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'producer',
  },
  recordEvaluation: {
    ask: `mutation { recordEvaluation(input: { key: "k", modelId: "${on.modelId}", datasetId: "${on.datasetId}", evaluation: { evaluator: { tool: "t", preprocessing: "p" }, top1: 0.5, loss: 1, images: 1 } }) { ok errors { message } } }`,
    role: 'editor',
    by: 'producer',
  },
  finishRun: {
    ask: `mutation { finishRun(input: { key: "k", runId: "${on.runId}", uploadId: "upload_none", evaluation: { evaluator: { tool: "t", preprocessing: "p" }, top1: 0.5, loss: 1, images: 1 } }) { ok errors { message } } }`,
    role: 'editor',
    by: 'producer',
  },
  recomputeRun: {
    ask: `mutation { recomputeRun(input: { runId: "${on.runId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'run',
  },
  cancelRecomputation: {
    ask: `mutation { cancelRecomputation(input: { runId: "${on.runId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'run',
  },
  removeRun: {
    ask: `mutation { removeRun(input: { runId: "${on.runId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  removeImport: {
    ask: `mutation { removeImport(input: { import: "import_none" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  finishSampling: {
    ask: `mutation { finishSampling(input: { samplingRunId: "${on.samplingRunId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'producer',
  },
  removeSampling: {
    ask: `mutation { removeSampling(input: { samplingRunId: "${on.samplingRunId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  allocate: {
    ask: `{ allocate(samplingRun: "${on.samplingRunId}", target: { share: 0.5 }) { share } }`,
    role: 'viewer',
    by: 'read',
  },
  samplingPlan: {
    ask: `{ samplingPlan(model: "${on.modelId}") { criterion } }`,
    role: 'viewer',
    by: 'read',
  },
  samplingRuns: {
    ask: `{ samplingRuns(filter: { id: { in: ["${on.samplingRunId}"] } }) { nodes { id } totalCount } }`,
    role: 'viewer',
    by: 'read',
  },
  samplingRun: { ask: `{ samplingRun(id: "${on.samplingRunId}") { id } }`, role: 'viewer', by: 'read' },
  viewer: { ask: '{ viewer { team { id } } }', role: 'viewer', by: 'read' },
  uploadLimit: { ask: '{ uploadLimit }', role: 'viewer', by: 'read' },
  queue: { ask: '{ queue { waiting } }', role: 'viewer', by: 'read', whole: true },
  workers: { ask: '{ workers { nodes { id } } }', ...OPERATOR },
  engines: { ask: '{ engines { engine workers } }', role: 'viewer', by: 'read' },
  load: { ask: '{ load { team { name } runs { reference } } }', ...OPERATOR },
  operators: { ask: '{ operators { id } }', ...OPERATOR },
  endRuns: {
    ask: 'mutation { endRuns(input: { ids: ["run_none"] }) { ok errors { message } } }',
    ...OPERATOR,
  },
  setOperator: {
    ask: 'mutation { setOperator(input: { email: "nobody@example.org", operator: true }) { ok errors { message } } }',
    ...OPERATOR,
    by: 'session',
  },
  drainWorker: {
    ask: 'mutation { drainWorker(input: { id: "worker_none" }) { ok errors { message } } }',
    ...OPERATOR,
  },
  resumeWorker: {
    ask: 'mutation { resumeWorker(input: { id: "worker_none" }) { ok errors { message } } }',
    ...OPERATOR,
  },
  cancelRuns: {
    ask: `mutation { cancelRuns(input: { ids: ["${on.runId}"] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'run',
  },
  cloneExperiment: {
    ask: `mutation { cloneExperiment(input: { id: "${on.experimentId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  cloneRun: {
    ask: `mutation { cloneRun(input: { id: "${on.runId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'run',
  },
  retryRuns: {
    ask: `mutation { retryRuns(input: { ids: ["${on.runId}"] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'run',
  },
  setPriority: {
    ask: `mutation { setPriority(input: { ids: ["${on.runId}"], priority: 1 }) { ok errors { message } } }`,
    role: 'editor',
    by: 'run',
  },
  createApiKey: {
    ask: 'mutation { createApiKey(input: { name: "k" }) { ok } }',
    role: 'viewer',
    by: 'session',
  },
  createExperiment: {
    ask: `mutation { createExperiment(input: { modelId: "${on.modelId}", datasetId: "${on.datasetId}", name: "x" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
  },
  createProject: {
    ask: 'mutation { createProject(input: { name: "mine" }) { ok } }',
    role: 'editor',
    by: 'produce',
    whole: true,
  },
  createUpload: {
    ask: 'mutation { createUpload(input: { fileName: "n.onnx" }) { ok } }',
    role: 'editor',
    by: 'producer',
  },
  deleteProject: {
    ask: `mutation { deleteProject(input: { id: "${on.projectId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
    whole: true,
  },
  registerDataset: {
    ask: 'mutation { registerDataset(input: { name: "none" }) { ok } }',
    role: 'editor',
    by: 'produce',
    whole: true,
  },
  registerDatasetManifest: {
    ask: `mutation { registerDatasetManifest(input: { key: "k", name: "m", classes: ["a"], splits: [{ name: TEST, images: 1, sha256: "${'0'.repeat(64)}" }] }) { ok } }`,
    role: 'editor',
    by: 'producer',
  },
  registerModel: {
    ask: `mutation { registerModel(input: { projectId: "${on.projectId}", uploadId: "${on.uploadId}", name: "x" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'producer',
  },
  restoreProject: {
    ask: `mutation { restoreProject(input: { id: "${on.projectId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'produce',
    whole: true,
  },
  revokeApiKey: {
    ask: `mutation { revokeApiKey(input: { id: "${on.keyId}" }) { ok errors { message } } }`,
    role: 'viewer',
    by: 'session',
  },
  acceptInvitation: {
    ask: 'mutation { acceptInvitation(input: { token: "guessed" }) { ok errors { message } } }',
    role: 'viewer',
    by: 'session',
  },
  auditLog: {
    ask: `{ auditLog(filter: { actor: { in: ["${on.userId}"] }, subject: { in: ["${on.projectId}"] } }) { nodes { id } totalCount } }`,
    role: 'admin',
    by: 'administer',
    whole: true,
  },
  changeMemberRole: {
    ask: `mutation { changeMemberRole(input: { userId: "${on.userId}", role: VIEWER }) { ok errors { message } } }`,
    role: 'admin',
    by: 'session',
  },
  invitations: { ask: '{ invitations { nodes { id } totalCount } }', role: 'admin', by: 'session' },
  inviteMember: { ask: 'mutation { inviteMember(input: {}) { ok } }', role: 'admin', by: 'session' },
  leaveTeam: { ask: 'mutation { leaveTeam(input: {}) { ok } }', role: 'viewer', by: 'session' },
  members: { ask: '{ members { nodes { id } totalCount } }', role: 'viewer', by: 'read', whole: true },
  removeMember: {
    ask: `mutation { removeMember(input: { userId: "${on.userId}" }) { ok errors { message } } }`,
    role: 'admin',
    by: 'session',
  },
  revokeInvitation: {
    ask: `mutation { revokeInvitation(input: { id: "${on.invitationId}" }) { ok errors { message } } }`,
    role: 'admin',
    by: 'session',
  },
  createTeam: {
    ask: 'mutation { createTeam(input: { name: "mine" }) { ok } }',
    role: 'viewer',
    by: 'session',
  },
  renameTeam: {
    ask: 'mutation { renameTeam(input: { name: "ours" }) { ok } }',
    role: 'admin',
    by: 'administer',
    whole: true,
  },
  switchTeam: {
    ask: `mutation { switchTeam(input: { teamId: "${on.teamId}" }) { ok errors { message } } }`,
    role: 'viewer',
    by: 'session',
  },
  updateAccount: {
    ask: 'mutation { updateAccount(input: { name: "Me" }) { ok } }',
    role: 'viewer',
    by: 'session',
  },
  publicLinks: {
    ask: '{ publicLinks { nodes { id } totalCount } }',
    role: 'viewer',
    by: 'read',
    whole: true,
  },
  createPublicLink: {
    ask: `mutation { createPublicLink(input: { kind: RUN, id: "${on.runId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'administer',
    whole: true,
  },
  revokePublicLink: {
    ask: `mutation { revokePublicLink(input: { id: "${on.linkId}" }) { ok errors { message } } }`,
    role: 'editor',
    by: 'administer',
    whole: true,
  },
  webhooks: { ask: '{ webhooks { nodes { id } totalCount } }', ...MANAGE },
  webhook: { ask: `{ webhook(id: "${on.webhookId}") { id } }`, ...MANAGE },
  createWebhook: {
    ask: 'mutation { createWebhook(input: { url: "https://example.org/", events: [RUN_FAILED] }) { ok } }',
    ...MANAGE,
  },
  updateWebhook: {
    ask: `mutation { updateWebhook(input: { id: "${on.webhookId}", active: false }) { ok errors { message } } }`,
    ...MANAGE,
  },
  rotateWebhookSecret: {
    ask: `mutation { rotateWebhookSecret(input: { id: "${on.webhookId}" }) { ok errors { message } } }`,
    ...MANAGE,
  },
  deleteWebhook: {
    ask: `mutation { deleteWebhook(input: { id: "${on.webhookId}" }) { ok errors { message } } }`,
    ...MANAGE,
  },
  testWebhook: {
    ask: `mutation { testWebhook(input: { id: "${on.webhookId}" }) { ok errors { message } } }`,
    ...MANAGE,
  },
  redeliver: {
    ask: `mutation { redeliver(input: { id: "${on.deliveryId}" }) { ok errors { message } } }`,
    ...MANAGE,
  },
  drawnStrategies: {
    ask: `{ drawnStrategies(input: { datasetId: "${on.datasetId}", strategies: [{}] }) }`,
    role: 'viewer',
    by: 'read',
  },
  startRuns: {
    ask: `mutation { startRuns(input: { experimentId: "${on.experimentId}", strategies: [{}], targets: [{ share: 0.5 }] }) { ok errors { message } } }`,
    role: 'editor',
    by: 'run',
  },
});

/** A team with something of everything; none of it is there for others. */
export async function foreignTeam(platform: Platform): Promise<Foreign> {
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
  await prisma.device.create({
    data: { id: 'device_f', teamId, name: 'theirs', cpu: 'theirs', cores: 1, platform: 'theirs' },
  });
  await prisma.deviceProfile.create({
    data: {
      ...{ id: 'profile_f', teamId, deviceId: 'device_f', sha256, networkHash: 'h', networkName: 'theirs' },
      ...{ engine: 'onnxruntime', engineVersion: '1', threads: 1, batch: 1, baseMs: 1, smallestMs: 1 },
      ...{ overheadMs: 0, errorMedian: 0, errorWorst: 0, checkRatio: 1, checkLow: 1, checkHigh: 1 },
      ...{ kinds: [], heldOut: [], measuredAt: new Date(), createdById: userId },
    },
  });
  await prisma.measurement.create({
    data: {
      ...{ id: 'measurement_f', teamId, deviceId: 'device_f', hash: 'h', place: 0, networkHash: 'h' },
      ...{ networkName: 'theirs', bytes: 1, params: 1, macs: 1, engine: 'onnxruntime', engineVersion: '1' },
      ...{ threads: 1, batch: 1, p50Ms: 1, p10Ms: 1, p90Ms: 1, imagesPerSecond: 1, repeats: 1 },
      ...{ activationBytes: 1, measuredAt: new Date(), createdById: userId },
    },
  });
  await prisma.profiling.create({
    data: {
      ...{ id: 'profiling_f', teamId, modelId: 'model_f', host: 'host_f', deviceName: 'theirs' },
      ...{ threads: 1, batch: 1, structures: 2, createdById: userId },
    },
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
  await prisma.publicLink.create({
    data: {
      ...{ id: 'link_f', teamId, kind: 'run', title: 'theirs', subjectId: 'run_f', runIds: ['run_f'] },
      ...{ hash: 'hash-of-a-link', page: new Uint8Array(), createdById: userId },
    },
  });
  await prisma.webhook.create({
    data: {
      ...{ id: 'hook_f', teamId, url: 'https://theirs.example/', secret: 'hash-of-a-webhook' },
      ...{ oldSecret: 'hash-of-an-old-one', events: ['run.failed'], createdById: userId },
    },
  });
  await prisma.webhookDelivery.create({
    data: {
      ...{ id: 'delivery_f', webhookId: 'hook_f', event: 'run.failed', subjectId: 'run_f', body: 'theirs' },
      ...{ state: 'failed', finishedAt: new Date() },
    },
  });
  return {
    ...{ projectId: 'proj_f', modelId: 'model_f', datasetId: 'data_f', experimentId: 'exp_f' },
    ...{ runId: 'run_f', samplingRunId: 'sample_f', uploadId: 'upload_f', keyId: 'key_f', teamId, userId },
    invitationId: 'invite_f',
    viewId: 'view_f',
    publishedId: 'pub_f',
    deviceId: 'device_f',
    profileId: 'profile_f',
    profilingId: 'profiling_f',
    measurementId: 'measurement_f',
    benchmarkId: 'bench_f',
    webhookId: 'hook_f',
    deliveryId: 'delivery_f',
    linkId: 'link_f',
  };
}
