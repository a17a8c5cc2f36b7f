'use client';

import { type AnyDocument, ask } from './ask.ts';
import type { ResultOf, VariablesOf } from './graphql.ts';

/** A request with the session's cookie, from the page. */
export function send<D extends AnyDocument>(
  document: D,
  variables: VariablesOf<D>,
  signal?: AbortSignal,
): Promise<ResultOf<D>> {
  return ask('/graphql', document, variables, signal ? { signal } : {});
}
