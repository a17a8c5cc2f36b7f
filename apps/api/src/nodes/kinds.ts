/** What ids are of, by how they begin. Where rows of each are found is in find.ts. */
export const KINDS = [
  { prefix: 'proj', type: 'Project', words: 'project' },
  { prefix: 'model', type: 'Model', words: 'model' },
  { prefix: 'data', type: 'Dataset', words: 'data set' },
  { prefix: 'exp', type: 'Experiment', words: 'experiment' },
  { prefix: 'run', type: 'Run', words: 'run' },
  { prefix: 'sample', type: 'SamplingRun', words: 'sampling run' },
  { prefix: 'view', type: 'SavedView', words: 'saved view' },
  { prefix: 'bench', type: 'Benchmark', words: 'benchmark' },
  { prefix: 'pub', type: 'PublishedResult', words: 'published result' },
  { prefix: 'device', type: 'Device', words: 'device' },
  { prefix: 'profile', type: 'DeviceProfile', words: 'profile' },
  { prefix: 'measurement', type: 'Measurement', words: 'measurement' },
  { prefix: 'profiling', type: 'Profiling', words: 'profile being measured' },
  { prefix: 'worker', type: 'Worker', words: 'worker' },
  { prefix: 'upload', type: 'Upload', words: 'upload' },
  { prefix: 'team', type: 'Team', words: 'team' },
  { prefix: 'user', type: 'User', words: 'user' },
  { prefix: 'member', type: 'Member', words: 'member' },
  { prefix: 'key', type: 'ApiKey', words: 'API key' },
  { prefix: 'invite', type: 'Invitation', words: 'invitation' },
  { prefix: 'audit', type: 'AuditEntry', words: 'entry of the audit log' },
  { prefix: 'hook', type: 'Webhook', words: 'webhook' },
  { prefix: 'delivery', type: 'WebhookDelivery', words: 'delivery to a webhook' },
  { prefix: 'link', type: 'PublicLink', words: 'public link' },
  { prefix: 'trash', type: 'TrashItem', words: 'thing in the trash' },
] as const;

export type Kind = (typeof KINDS)[number];
export type KindPrefix = Kind['prefix'];

/** Null for an id that is of nothing. */
export function kindOf(id: string): Kind | null {
  return KINDS.find(({ prefix }) => id.startsWith(`${prefix}_`)) ?? null;
}

/** Ids by what they are of; those that are of nothing are left out. */
export function byKind(ids: readonly string[]): Map<KindPrefix, string[]> {
  const kinds = new Map<KindPrefix, string[]>();
  for (const id of new Set(ids)) {
    const prefix = kindOf(id)?.prefix;
    if (prefix) kinds.set(prefix, [...(kinds.get(prefix) ?? []), id]);
  }
  return kinds;
}
