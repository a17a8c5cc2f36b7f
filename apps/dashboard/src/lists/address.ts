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

type Filled<T> = { [K in keyof T]?: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/** What the API is asked for: an empty list would match nothing and is left out, as is an empty text. */
export function filled<T extends Readonly<Record<string, string | readonly string[]>>>(filter: T): Filled<T> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value.length > 0)) as Filled<T>;
}
