import type { Request, RequestHandler, Response } from 'express';
import { type GraphQLSchema, getOperationAST, parse } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/express';
import type { Auth } from '../access/auth.ts';
import { authenticate } from '../access/authenticate.ts';
import { addressOf } from '../access/origin.ts';
import type { Context, Services } from '../graphql/context.ts';
import { createLoaders } from '../graphql/loaders.ts';

/** Longer than any subscription's text. */
const LONGEST_QUERY = 5000;

/** Subscriptions as server-sent events. Nothing else is answered here: the limits of queries are elsewhere. */
export function streamRoute(services: Services, auth: Auth, schema: GraphQLSchema): RequestHandler {
  return createHandler({
    schema,
    context: async (request): Promise<Context & Record<PropertyKey, unknown>> => ({
      ...services,
      viewer: await authenticate(services.database.prisma, auth, request.raw.headers),
      loaders: createLoaders(services.database.prisma),
      address: addressOf(request.raw.headers, null),
      signal: goneSignal((request.raw as Request).res),
    }),
    onSubscribe: (_request, { query, operationName }) => {
      const refuse = [null, { status: 400, statusText: 'Bad Request' }] as const;
      if (typeof query !== 'string' || query.length > LONGEST_QUERY) return [...refuse];
      try {
        const operation = getOperationAST(parse(query), operationName ?? undefined);
        return operation?.operation === 'subscription' ? undefined : [...refuse];
      } catch {
        return [...refuse];
      }
    },
  });
}

/** Aborted when the connection closes. */
export function goneSignal(response: Response | undefined): AbortSignal {
  const controller = new AbortController();
  response?.on('close', () => controller.abort());
  return controller.signal;
}
