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
 * @throws {ApiError} for any error in the answer but those of a part of it, which is null then, or for no answer
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
  const problem = body?.errors?.find((error: Answered) => !body.data || !isOfAPart(error));
  if (problem) throw new ApiError(problem.message, problem.extensions?.code ?? 'UNKNOWN');
  if (!body?.data) throw new ApiError(`The API answered with status ${response.status}.`, 'UNREACHABLE');
  return body.data;
}

interface Answered {
  readonly path?: readonly unknown[];
  readonly extensions?: { readonly code?: string };
}

/** One value in it could not be read: that is in the API's log, and the rest of a page is worth showing. */
function isOfAPart({ path, extensions }: Answered): boolean {
  return extensions?.code === 'INTERNAL_SERVER_ERROR' && path !== undefined && path.length > 1;
}
