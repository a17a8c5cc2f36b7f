const KINDS: Readonly<Record<string, string>> = {
  proj: 'project',
  data: 'data set',
  model: 'model',
  exp: 'experiment',
  run: 'run',
  bench: 'benchmark',
  pub: 'published result',
  device: 'device',
  profile: 'profile of a device',
};

/** What an id is of, by its beginning. */
export function kindOf(id: string): string {
  return KINDS[id.split('_')[0] ?? ''] ?? 'something else';
}
