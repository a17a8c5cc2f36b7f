import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { type AnyDocument, ApiError, ask } from './ask.ts';
import type { ResultOf, VariablesOf } from './graphql.ts';

/** Where the API is, seen from this process: it is the one in front of us. */
export const API = process.env.ESPALIER_API_URL ?? 'http://127.0.0.1:4000';

/** Milliseconds until a page says that it failed to load: before the API gives up whoever waits for the page. */
const PATIENCE_MS = 20_000;

/** For whom this process asks: limits count addresses of people, and not its own. */
export async function onBehalf(): Promise<Record<string, string>> {
  const key = process.env.ESPALIER_DASHBOARD_KEY;
  const peer = (await headers()).get('x-espalier-peer');
  return key && peer ? { 'x-espalier-dashboard': key, 'x-espalier-peer': peer } : {};
}

/** A request on behalf of whoever asks for the page; without a session it leads to the sign-in page. */
export async function query<D extends AnyDocument>(
  document: D,
  variables: VariablesOf<D>,
): Promise<ResultOf<D>> {
  const cookie = (await cookies()).toString();
  try {
    // No browser asks here: the header says that no page of somebody else is behind it.
    const sent = { cookie, 'apollo-require-preflight': 'true', ...(await onBehalf()) };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return await ask(`${API}/graphql`, document, variables, { headers: sent, cache: 'no-store', signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'UNAUTHENTICATED') throw error;
  }
  const path = (await headers()).get('x-path') ?? '/';
  redirect(path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`);
}
