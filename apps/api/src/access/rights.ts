import type { Right } from './viewer.ts';

const look: Right = { role: 'viewer', by: 'read' };
const run: Right = { role: 'editor', by: 'run' };
const produce: Right = { role: 'editor', by: 'produce' };
/** Adds to what is there and changes nothing of it. */
const append: Right = { role: 'editor', by: 'producer' };
const manage: Right = { role: 'admin', by: 'administer', whole: true };
/** Who may come in, and as what. */
const letIn: Right = { role: 'admin', by: 'session' };
const oneself: Right = { role: null, by: 'session' };
const member: Right = { role: 'viewer', by: 'session' };

/** Of the whole installation. */
const operate: Right = { role: 'viewer', by: 'administer', whole: true, operator: true };

/** What each field of the schema's roots takes. One that is not here keeps the platform from starting. */
export const RIGHTS = {
  Query: {
    analysis: look,
    apiKeys: member,
    auditLog: manage,
    benchmark: look,
    benchmarks: look,
    benchmarkSections: look,
    comparison: look,
    compression: look,
    dataset: look,
    datasets: look,
    drawnStrategies: look,
    engines: look,
    experiment: look,
    experiments: look,
    invitations: letIn,
    load: operate,
    members: { ...look, whole: true },
    methods: look,
    model: look,
    models: look,
    node: look,
    nodes: look,
    operators: operate,
    project: look,
    projects: look,
    publishedResults: look,
    publishedSubjects: look,
    ratioFront: look,
    ratioSummary: look,
    queue: { ...look, whole: true },
    run: look,
    runs: look,
    samplingPlan: look,
    samplingRun: look,
    samplingRuns: look,
    savedViews: { ...look, whole: true },
    structures: look,
    tags: look,
    trash: { ...look, whole: true },
    viewer: { role: null, by: 'read' },
    workers: operate,
  },
  Mutation: {
    acceptInvitation: oneself,
    addPublishedResult: { ...produce, whole: true },
    addTags: produce,
    cancelRuns: run,
    changeMemberRole: letIn,
    cloneExperiment: produce,
    cloneRun: run,
    createApiKey: member,
    createExperiment: produce,
    createProject: { ...produce, whole: true },
    // Those of the team take the role editor, too.
    createSavedView: { ...produce, role: 'viewer', whole: true },
    createTeam: oneself,
    createUpload: append,
    deleteProject: { ...produce, whole: true },
    deleteSavedView: { ...produce, role: 'viewer', whole: true },
    drainWorker: operate,
    endRuns: operate,
    inviteMember: letIn,
    leaveTeam: member,
    moveToTrash: produce,
    purge: manage,
    purgeArtifacts: manage,
    registerDataset: { ...produce, whole: true },
    registerDatasetManifest: append,
    registerModel: append,
    removeMember: letIn,
    removePublishedResult: { ...produce, whole: true },
    removeTags: produce,
    rename: produce,
    renameTeam: manage,
    restore: { ...produce, whole: true },
    restoreProject: { ...produce, whole: true },
    resumeWorker: operate,
    retryRuns: run,
    revokeApiKey: member,
    revokeInvitation: letIn,
    setNotes: produce,
    setOperator: { ...operate, by: 'session' },
    setPriority: run,
    setTags: produce,
    startBenchmark: run,
    startRuns: run,
    switchTeam: oneself,
    updateAccount: oneself,
    updateExperiment: produce,
    updateSavedView: { ...produce, role: 'viewer', whole: true },
  },
  Subscription: {
    experimentEvents: look,
    runEvents: look,
    workerEvents: operate,
  },
} satisfies Readonly<Record<'Query' | 'Mutation' | 'Subscription', Readonly<Record<string, Right>>>>;
