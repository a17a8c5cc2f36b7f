import { type DocumentNode, type ExecutionResult, getOperationAST } from 'graphql';
import { createClient } from 'graphql-sse';
import { PLACEHOLDERS } from './examples.ts';

const STORED = 'espalier-api-key';

/** Kept for this tab and session only. */
export function storedKey(): string {
  return sessionStorage.getItem(STORED) ?? '';
}

export function storeKey(key: string): void {
  if (key === '') sessionStorage.removeItem(STORED);
  else sessionStorage.setItem(STORED, key);
}

/** Without a key, the cookies of whoever is signed in speak. */
function credentials(): Record<string, string> {
  const key = storedKey();
  return key === '' ? {} : { authorization: `Bearer ${key}` };
}

interface Asked {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: unknown;
}

async function ask(asked: Asked, headers: Readonly<Record<string, string>> = {}): Promise<ExecutionResult> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credentials(), ...headers },
    body: JSON.stringify(asked),
  });
  return response.json() as Promise<ExecutionResult>;
}

/** Queries and mutations are one answer, subscriptions a stream of them. */
export function fetcher(
  asked: Asked,
  options?: { readonly documentAST?: DocumentNode; readonly headers?: Readonly<Record<string, string>> },
): Promise<ExecutionResult> | AsyncIterable<ExecutionResult> {
  const { query, operationName, variables } = asked;
  const document = options?.documentAST;
  const operation = document && getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription') return ask(asked, options?.headers);
  const client = createClient({
    url: '/graphql/stream',
    retryAttempts: 0,
    headers: () => ({ ...credentials(), ...options?.headers }),
  });
  return client.iterate({
    query,
    ...(operationName ? { operationName } : {}),
    variables: variables as Record<string, unknown>,
  }) as AsyncIterable<ExecutionResult>;
}

/** What the key is good for; null for one that is good for nothing. */
export async function roleOfKey(): Promise<string | null> {
  const { data } = await ask({ query: '{ viewer { role } }' });
  return (data?.viewer as { role: string } | undefined)?.role ?? null;
}

const NEWEST = `{
  experiments(first: 1) { nodes { id } }
  finished: runs(first: 1, filter: { state: { in: [FINISHED] } }) { nodes { id } }
  runs(first: 1) { nodes { id } }
}`;

type Page = { readonly nodes: readonly { readonly id: string }[] };

/** The variables of an example as JSON, with the newest ids of the team where there are any. */
export async function filledIn(variables: Readonly<Record<string, unknown>>): Promise<string> {
  const { data } = await ask({ query: NEWEST }).catch(() => ({ data: null }));
  const { experiments, finished, runs } = (data ?? {}) as Record<string, Page | undefined>;
  const run = finished?.nodes[0] ?? runs?.nodes[0];
  return JSON.stringify(variables, null, 2)
    .replaceAll(PLACEHOLDERS.experiment, experiments?.nodes[0]?.id ?? PLACEHOLDERS.experiment)
    .replaceAll(PLACEHOLDERS.run, run?.id ?? PLACEHOLDERS.run);
}
