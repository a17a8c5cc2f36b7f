// What a page shows stands in its address: read and written alike by every page that lists things.

export type SearchParams = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Order<By extends string> {
  readonly by: By;
  readonly direction: 'asc' | 'desc';
}

/** Of a parameter that is there several times, the first; empty where it is not there. */
export function one(params: SearchParams, name: string): string {
  const value = params[name];
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}

/** What is there, each once. */
export function texts(params: SearchParams): Record<string, string> {
  return Object.fromEntries(Object.keys(params).map((name) => [name, one(params, name)]));
}

/** "a,b" → a, b. */
export function list(params: SearchParams, name: string): string[] {
  return one(params, name).split(',').filter(Boolean);
}

/** "-name" is downwards; the newest first where the address names no order that there is. */
export function readOrder<By extends string>(
  params: SearchParams,
  orders: readonly By[],
): Order<By | 'created'> {
  const order = one(params, 'order');
  const by = orders.find((name) => name === order.replace(/^-/, ''));
  return { by: by ?? 'created', direction: by && !order.startsWith('-') ? 'asc' : 'desc' };
}

/** As it stands in the address; empty for the newest first. */
export function orderText({ by, direction }: Order<string>): string {
  if (by === 'created' && direction === 'desc') return '';
  return direction === 'desc' ? `-${by}` : by;
}

/** The address of what is said: what is empty is left out. */
export function address(said: Readonly<Record<string, string | readonly string[]>>): URLSearchParams {
  const filled = Object.entries(said).filter(([, value]) => value.length > 0);
  return new URLSearchParams(filled.map(([name, value]) => [name, String(value)]));
}

type Among<T> = { [K in keyof T]?: { in: T[K] extends readonly (infer E)[] ? E[] : never } };

/** What the API is asked for: an empty list would match nothing and is left out, as is an empty text. */
export function filterBy<T extends Readonly<Record<string, readonly string[]>>>(
  { text, tags = [] }: { readonly text: string; readonly tags?: readonly string[] },
  among: T,
): { text?: string; tag?: { all: string[] } } & Among<T> {
  const chosen = Object.entries(among).filter(([, values]) => values.length > 0);
  return {
    ...(text === '' ? {} : { text }),
    ...(tags.length === 0 ? {} : { tag: { all: [...tags] } }),
    ...(Object.fromEntries(chosen.map(([name, values]) => [name, { in: values }])) as Among<T>),
  };
}
