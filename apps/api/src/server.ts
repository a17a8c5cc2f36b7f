import { createServer, type Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import { InputError } from '@espalier/errors';
import express from 'express';
import { GraphQLError } from 'graphql';
import { TooMany } from './access/attempts.ts';
import { type AccessOptions, createAuth } from './access/auth.ts';
import { authenticate } from './access/authenticate.ts';
import { formRoutes } from './access/forms.ts';
import { PEER_HEADER, peerOf } from './access/limits.ts';
import { addressAt, ownPagesOnly } from './access/origin.ts';
import { authRoutes } from './access/routes.ts';
import { allocationRoutes } from './allocate/network-route.ts';
import { clientRoutes } from './client/client-routes.ts';
import { exportRoutes } from './compare/export-routes.ts';
import { AUDIT_DAYS, USUAL_PORT } from './config.ts';
import { dashboardFront } from './dashboard/front.ts';
import { INSIDE, shownCode, shownError } from './errors.ts';
import { goneSignal, streamRoute } from './events/stream.ts';
import { fileRoutes } from './files/routes.ts';
import { uploadRoutes } from './files/upload-routes.ts';
import { limitConnections, network } from './gate/connections.ts';
import { Gate } from './gate/gate.ts';
import { ownHosts } from './gate/hosts.ts';
import { jsonBody } from './gate/json-body.ts';
import { onBehalf } from './gate/on-behalf.ts';
import { refuse } from './gate/refuse.ts';
import { HEADER_BYTES, TIMES, type Times } from './gate/routes.ts';
import { armor, LIMITS } from './graphql/armor.ts';
import { badInput } from './graphql/bad-input.ts';
import type { Context, Services } from './graphql/context.ts';
import { MOST_OBJECTS, tooLarge } from './graphql/cost.ts';
import { createLoaders } from './graphql/loaders.ts';
import { createSchema } from './graphql/schema.ts';
import { watchHealth } from './health.ts';
import { keepHouse } from './housekeeping.ts';
import { ideRoutes } from './ide/ide-routes.ts';
import { Later } from './later.ts';
import { numberRequests } from './log.ts';
import { publicRoutes } from './public/public-routes.ts';
import { reportRoutes } from './reports/report-routes.ts';
import { answerHeaders } from './security-headers.ts';

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly host: string;
  /** 0: any; null: the usual one, or the next free one. */
  readonly port: number | null;
  readonly access: Omit<AccessOptions, 'later'>;
  /** Entries of the audit log are kept for so many days. */
  readonly auditDays?: number;
  /** Names of ours besides the public address, localhost and `host`. */
  readonly hosts?: readonly string[];
  readonly times?: Partial<Times>;
  /** Where everything goes that is not the API's; null while nobody is there. Default: nowhere. */
  readonly dashboard?: () => string | null;
  /** Sees each request first. */
  readonly before?: readonly express.RequestHandler[];
  readonly onError?: (error: unknown) => void;
}

/** Everything under one address: /graphql, /files, /auth, /ide, /client, /public, /health, /ready, and the dashboard behind all that. */
export async function startServer(
  services: Services,
  {
    host,
    port,
    access,
    hosts = [],
    auditDays = AUDIT_DAYS,
    times: given = {},
    dashboard,
    before = [],
    onError = () => {},
  }: ServerOptions,
): Promise<RunningServer> {
  const app = express();
  app.use(numberRequests);
  for (const handler of before) app.use(handler);
  app.use(answerHeaders);
  app.set('trust proxy', access.proxies ?? false);
  const times = { ...TIMES, ...given };
  const http = createServer({ maxHeaderSize: HEADER_BYTES, connectionsCheckingInterval: 1000 }, app);
  // Whoever asks whether a body is wanted is told once it is.
  http.on('checkContinue', app);
  limitConnections(http, times);
  const { prisma } = services.database;
  const { publicUrl = null } = access;
  const names = publicUrl === null ? hosts : [...hosts, new URL(publicUrl).hostname];
  const gate = new Gate(ownHosts(names, host), times);
  app.use(onBehalf(access.secret));
  for (const { path, handler } of gate.handlers()) app.use(path, handler);
  app.use(tellPeer);
  let bound = port ?? USUAL_PORT;
  const address = () => (publicUrl === null ? addressAt(host, bound) : new URL(publicUrl).origin);
  const later = new Later(onError);
  const auth = createAuth(prisma, { onError, ...access, later: later.run });
  const schema = await createSchema();
  const door = { prisma, auth, gate };
  const { plugins, validationRules } = armor();
  // Its types are those of Apollo's CommonJS build, which are the same but for private fields.
  const limits = plugins as unknown as ApolloServerPlugin<Context>[];
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    parseOptions: { maxTokens: LIMITS.tokens },
    // They would be kept in memory, for anybody.
    persistedQueries: false,
    // Everything ends in order, and this is a part of it.
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    validationRules,
    plugins: [
      ...limits,
      inputCheck,
      ApolloServerPluginDrainHttpServer({ httpServer: http }),
      // It looks at each field of each answer, and finds nothing: no answer is kept anywhere (notKept).
      ApolloServerPluginCacheControlDisabled(),
    ],
    formatError(formatted, error) {
      const code = shownCode(formatted.extensions?.code);
      if (code === 'INTERNAL_SERVER_ERROR') return { ...formatted, ...shownError(error, onError).toJSON() };
      return { ...formatted, extensions: { ...formatted.extensions, code } };
    },
  });
  await apollo.start();
  const { database, artifacts } = services;
  const health = watchHealth({ url: database.url, artifacts }, onError);
  app.get('/health', health.health);
  app.get('/ready', health.ready);
  app.use(formRoutes(auth, publicUrl));
  app.use(authRoutes(auth));
  app.use(['/files', '/graphql'], ownPagesOnly(publicUrl));
  app.use('/files/export', exportRoutes(services, schema, door));
  app.use('/files/uploads', uploadRoutes(services, door));
  app.use('/files/allocations', allocationRoutes(services, schema, door));
  app.use('/files/report', reportRoutes(services, schema, door));
  app.use('/files', fileRoutes(services, door));
  app.use('/ide', ideRoutes());
  app.use('/client', clientRoutes());
  app.use('/public', publicRoutes(prisma));
  app.use('/graphql', notKept, jsonBody);
  app.use('/graphql/stream', streamRoute(services, { auth, schema, gate, address, onError }));
  app.use(
    '/graphql',
    expressMiddleware(apollo, {
      context: async ({ req, res }): Promise<Context> => {
        const viewer = await authenticate(prisma, auth, req.headers);
        await gate.turn(viewer, res);
        return {
          ...services,
          viewer,
          loaders: createLoaders(prisma, viewer),
          address: address(),
          peer: peerOf(req.headers),
          signal: goneSignal(res),
        };
      },
    }),
  );
  if (dashboard) app.use(dashboardFront(dashboard));
  app.use(
    (error: unknown, request: express.Request, response: express.Response, next: express.NextFunction) => {
      if (response.headersSent) return next(error);
      if (error instanceof TooMany) {
        return refuse(request, response, error.status, error.message, {
          'Retry-After': String(error.seconds),
        });
      }
      const status = (error as { status?: number }).status ?? 500;
      if (status >= 500) onError(error);
      response.status(status).json({ error: status >= 500 ? INSIDE : String(error) });
    },
  );
  bound = await listen(http, host, port);
  const stopKeeping = keepHouse(prisma, auditDays, onError);
  return {
    port: bound,
    async close() {
      stopKeeping();
      await apollo.stop();
      await later.done();
      await health.close();
    },
  };
}

/** Where a request comes from, as far as that is believed, whatever it says of itself. */
const tellPeer: express.RequestHandler = ({ headers, ip }, _response, next) => {
  headers[PEER_HEADER] = network(ip);
  next();
};

/** An answer is of whoever asked, and of now. */
const notKept: express.RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** What no table can hold, or is too much, is refused before anything is looked for. */
const inputCheck: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, document, request }) {
        const error =
          badInput(schema, document, request.variables) ?? tooLarge(schema, document, request, MOST_OBJECTS);
        if (error) {
          throw new GraphQLError(error.message, {
            extensions: { ...error.extensions, http: { status: 400 } },
          });
        }
      },
    };
  },
};

/** Connections that wait to be accepted: one for which there is no room is tried again after a second. */
const BACKLOG = 4096;

const PORTS_TRIED = 100;

/** @throws {InputError} where the port that was asked for is taken: whoever named one relies on it */
async function listen(server: Server, host: string, port: number | null): Promise<number> {
  const usual = Array.from({ length: PORTS_TRIED }, (_, at) => USUAL_PORT + at);
  for (const wanted of port === null ? usual : [port]) {
    const bound = await new Promise<number | null>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') resolve(null);
        else reject(error);
      });
      server.listen({ port: wanted, host, backlog: BACKLOG }, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : wanted);
      });
    });
    if (bound !== null) return bound;
  }
  throw new InputError(
    port === null
      ? `no port from ${USUAL_PORT} to ${USUAL_PORT + PORTS_TRIED - 1} is free; name one by ESPALIER_PORT`
      : `ESPALIER_PORT: port ${port} of ${host} is taken; name another, or leave it out for the next free one`,
  );
}
