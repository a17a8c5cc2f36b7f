import type { Request, RequestHandler, Response } from 'express';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  parse,
  subscribe,
} from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/express';
import type { Auth } from '../access/auth.ts';
import { authenticate } from '../access/authenticate.ts';
import { peerOf } from '../access/limits.ts';
import type { Asker } from '../access/viewer.ts';
import { shownError } from '../errors.ts';
import type { Gate } from '../gate/gate.ts';
import { refuse } from '../gate/refuse.ts';
import { ROUTES } from '../gate/routes.ts';
import { badInput } from '../graphql/bad-input.ts';
import type { Context, Services } from '../graphql/context.ts';
import { MOST_IN_EVENT, tooLarge } from '../graphql/cost.ts';
import { createLoaders } from '../graphql/loaders.ts';

/** Longer than any subscription's text. */
const LONGEST_QUERY = 5000;
const ONLY = `a subscription of at most ${LONGEST_QUERY} characters is taken here, and nothing else`;

export interface Streams {
  readonly auth: Auth;
  readonly schema: GraphQLSchema;
  readonly gate: Gate;
  readonly address: () => string;
  readonly onError: (error: unknown) => void;
}

/** Subscriptions as server-sent events. Nothing else is answered here: the limits of queries are elsewhere. */
export function streamRoute(
  services: Services,
  { auth, schema, gate, address, onError }: Streams,
): RequestHandler {
  const { prisma } = services.database;
  const viewers = new WeakMap<object, Asker | null>();
  const handler = createHandler({
    schema,
    context: ({ raw }): Context & Record<PropertyKey, unknown> => {
      const viewer = viewers.get(raw) ?? null;
      return {
        ...services,
        viewer,
        loaders: createLoaders(prisma, viewer),
        address: address(),
        peer: peerOf((raw as Request).headers),
        signal: goneSignal((raw as Request).res),
      };
    },
    onSubscribe: (_request, params) => {
      const document = parse(params.query);
      const error =
        badInput(schema, document, params.variables) ?? tooLarge(schema, document, params, MOST_IN_EVENT);
      return error ? { data: null, errors: [error] } : undefined;
    },
    subscribe: async (args) => {
      const result = await subscribe(args as ExecutionArgs);
      return Symbol.asyncIterator in result ? told(result, onError) : result;
    },
    onNext: (_context, _request, result) => shown(result as ExecutionResult, onError),
  });
  return async (request, response, next) => {
    try {
      if (!isSubscription(request.body)) return refuse(request, response, 400, ONLY);
      const viewer = await authenticate(prisma, auth, request.headers);
      if (viewer && !(await gate.enter(ROUTES.streams, viewer, request, response))) return;
      viewers.set(request, viewer);
      await handler(request, response);
    } catch (error) {
      next(error);
    }
  };
}

function isSubscription({ query, operationName }: Readonly<Record<string, unknown>>): boolean {
  if (typeof query !== 'string' || query.length > LONGEST_QUERY) return false;
  try {
    const name = typeof operationName === 'string' ? operationName : undefined;
    return getOperationAST(parse(query), name)?.operation === 'subscription';
  } catch {
    return false;
  }
}

/** A stream whose end by an error is told, instead of a connection that breaks. */
async function* told(
  results: AsyncIterable<ExecutionResult>,
  onError: (error: unknown) => void,
): AsyncGenerator<ExecutionResult> {
  try {
    yield* results;
  } catch (error) {
    yield { errors: [shownError(error, onError)] };
  }
}

function shown(result: ExecutionResult, onError: (error: unknown) => void): ExecutionResult {
  const { errors } = result;
  return errors ? { ...result, errors: errors.map((error) => shownError(error, onError)) } : result;
}

/** Aborted when the connection closes. */
export function goneSignal(response: Response | undefined): AbortSignal {
  const controller = new AbortController();
  response?.on('close', () => controller.abort());
  return controller.signal;
}
