interface Kind {
  readonly name: string;
  /** Of its page, before the id; left out where it has none. */
  readonly path?: string;
}

/** Things by the beginning of their ids. */
const KINDS: Readonly<Record<string, Kind>> = {
  proj: { name: 'project', path: '/models?projects=' },
  data: { name: 'data set', path: '/datasets/' },
  model: { name: 'model', path: '/models/' },
  exp: { name: 'experiment', path: '/experiments/' },
  run: { name: 'run', path: '/runs/' },
  bench: { name: 'benchmark', path: '/benchmarks/' },
  pub: { name: 'published result' },
  device: { name: 'device', path: '/devices/' },
  profile: { name: 'profile of a device' },
  hook: { name: 'webhook', path: '/team/webhooks/' },
};

function kindIn(id: string): Kind | undefined {
  return KINDS[id.split('_')[0] ?? ''];
}

/** What an id is of; null where that is none of these. */
export function kindWords(id: string): string | null {
  return kindIn(id)?.name ?? null;
}

/** The same, with words for all else. */
export function kindOf(id: string): string {
  return kindWords(id) ?? 'something else';
}

/** Where what an id is of has its page; null where it has none. */
export function pageOf(id: string): string | null {
  const path = kindIn(id)?.path;
  return path === undefined ? null : `${path}${id}`;
}
