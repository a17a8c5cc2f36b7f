import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
  parse,
} from 'graphql';
import { createHandler } from 'graphql-sse';
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
const ONLY = `a subscription of at most ${LONGEST_QUERY} characters is accepted here, nothing else`;

/** An event of a stream. */
export interface Told {
  /** Behind which its reader goes on; null if each stream begins again. */
  readonly cursor: string | null;
}

interface Message extends ExecutionResult {
  readonly id?: string | null;
}

/** What belongs to one request. */
interface Asked {
  readonly viewer: Asker | null;
  /** Of the messages that are made and not yet sent. */
  readonly ids: (string | null)[];
}

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
  const handler = createHandler<Request, Asked, Context & Record<PropertyKey, unknown>>({
    schema,
    context: ({ raw, context: { viewer } }) => ({
      ...services,
      viewer,
      loaders: createLoaders(prisma, viewer),
      address: address(),
      peer: peerOf(raw.headers),
      signal: goneSignal(raw.res),
      lastEventId: raw.get('last-event-id') || null,
    }),
    onSubscribe: (_request, params) => {
      const document = parse(params.query);
      const error =
        badInput(schema, document, params.variables) ?? tooLarge(schema, document, params, MOST_IN_EVENT);
      return error ? { data: null, errors: [error] } : undefined;
    },
    subscribe: async (given) => {
      const args = given as ExecutionArgs;
      const events = await createSourceEventStream(args);
      return Symbol.asyncIterator in events ? told(events, args, onError) : events;
    },
    onNext: (_context, { context: { ids } }, result) => {
      const message = result as Message;
      ids.push(message.id ?? null);
      return shown(message, onError);
    },
  });
  return async (request, response, next) => {
    try {
      const asked = request.method === 'GET' ? inAddress(request) : request.body;
      if (!isSubscription(asked)) return refuse(request, response, 400, ONLY);
      const viewer = await authenticate(prisma, auth, request.headers);
      if (viewer && !(await gate.enter(ROUTES.streams, viewer, request, response))) return;
      const ids: Asked['ids'] = [];
      const [body, { status, headers }] = await handler({
        method: 'POST',
        url: request.url,
        headers: { get: (name) => (name === 'content-type' ? 'application/json' : request.get(name)) },
        body: asked,
        raw: request,
        context: { viewer, ids },
      });
      response.writeHead(status, headers);
      if (typeof body === 'string' || body === null) {
        response.end(body);
        return;
      }
      response.once('close', () => void body.return());
      // A reader who goes is no error.
      await pipeline(Readable.from(numbered(body, ids)), response).catch(() => {});
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

/** What an EventSource asks, which can send no body. */
function inAddress({ originalUrl }: Request): Record<string, unknown> {
  const { searchParams } = new URL(originalUrl, 'http://localhost');
  const given = searchParams.get('variables');
  try {
    return {
      query: searchParams.get('query'),
      operationName: searchParams.get('operationName') ?? undefined,
      variables: given === null ? undefined : JSON.parse(given),
    };
  } catch {
    return {};
  }
}

/** The messages in their order, each with its id, by which a reader goes on behind it. */
async function* numbered(messages: AsyncIterable<string>, ids: Asked['ids']): AsyncGenerator<string> {
  for await (const message of messages) {
    const id = message.startsWith('event: next') ? ids.shift() : null;
    yield id == null ? message : `id: ${id}\n${message}`;
  }
}

/** What each event comes to. An end by an error is told, instead of a connection that breaks. */
async function* told(
  events: AsyncIterable<unknown>,
  args: ExecutionArgs,
  onError: (error: unknown) => void,
): AsyncGenerator<Message> {
  try {
    for await (const event of events) {
      const { cursor: id } = event as Told;
      yield { ...(await execute({ ...args, rootValue: event })), id };
    }
  } catch (error) {
    yield { errors: [shownError(error, onError)] };
  }
}

function shown({ id: _, ...result }: Message, onError: (error: unknown) => void): ExecutionResult {
  const { errors } = result;
  return errors ? { ...result, errors: errors.map((error) => shownError(error, onError)) } : result;
}

/** Aborted when the connection closes. */
export function goneSignal(response: Response | undefined): AbortSignal {
  const controller = new AbortController();
  response?.on('close', () => controller.abort());
  return controller.signal;
}
