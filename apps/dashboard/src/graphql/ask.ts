import { print } from '@0no-co/graphql.web';
import type { ResultOf, TadaDocumentNode, VariablesOf } from './graphql.ts';

// biome-ignore lint/suspicious/noExplicitAny: any document will do; its own types come back out
export type AnyDocument = TadaDocumentNode<any, any>;

/** What the API answers instead of data: a code from its closed list, and what happened in words. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/**
 * One GraphQL request.
 *
 * @throws {ApiError} for any error in the answer, or none at all
 */
export async function ask<D extends AnyDocument>(
  endpoint: string,
  document: D,
  variables: VariablesOf<D>,
  init: RequestInit = {},
): Promise<ResultOf<D>> {
  let response: Response;
  try {
    response = await fetch(endpoint, {
      ...init,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...init.headers },
      body: JSON.stringify({ query: print(document), variables }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('The API does not answer. Nothing is lost; try again in a moment.', 'UNREACHABLE');
  }
  const body = await response.json().catch(() => null);
  const problem = body?.errors?.[0];
  if (problem) throw new ApiError(problem.message, problem.extensions?.code ?? 'UNKNOWN');
  if (!body?.data) throw new ApiError(`The API answered with status ${response.status}.`, 'UNREACHABLE');
  return body.data as ResultOf<D>;
}
