import { createServer, type Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import express from 'express';
import { type AccessOptions, createAuth } from './access/auth.ts';
import { authenticate } from './access/authenticate.ts';
import { addressOf, ownPagesOnly } from './access/origin.ts';
import { authRoutes } from './access/routes.ts';
import { exportRoutes } from './compare/export-routes.ts';
import { dashboardFront } from './dashboard/front.ts';
import { goneSignal, streamRoute } from './events/stream.ts';
import { fileRoutes } from './files/routes.ts';
import type { Context, Services } from './graphql/context.ts';
import { createLoaders } from './graphql/loaders.ts';
import { createSchema } from './graphql/schema.ts';
import { ideRoutes } from './ide/ide-routes.ts';
import { answerHeaders } from './security-headers.ts';

/** What one request may ask for. */
const LIMITS = { depth: 10, aliases: 20, tokens: 3000, cost: 40_000, bodyBytes: 1_000_000 } as const;

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly access: AccessOptions;
  /** Where everything goes that is not the API's; null while nobody is there. Default: nowhere. */
  readonly dashboard?: () => string | null;
  readonly onError?: (error: unknown) => void;
}

/** Everything under one address: /graphql, /files, /auth, /ide, /health, and the dashboard behind all that. */
export async function startServer(
  services: Services,
  { host, port, access, dashboard, onError = () => {} }: ServerOptions,
): Promise<RunningServer> {
  const app = express();
  app.use(answerHeaders);
  app.set('trust proxy', access.proxies ?? false);
  const http = createServer(app);
  const { prisma } = services.database;
  const { publicUrl = null } = access;
  const auth = createAuth(prisma, { onError, ...access });
  const schema = await createSchema();
  const armor = new ApolloArmor({
    maxDepth: { n: LIMITS.depth },
    maxAliases: { n: LIMITS.aliases },
    maxTokens: { n: LIMITS.tokens },
    costLimit: { maxCost: LIMITS.cost },
  }).protect();
  // Its types are those of Apollo's CommonJS build, which are the same but for private fields.
  const limits = armor.plugins as unknown as ApolloServerPlugin<Context>[];
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: true,
    // Everything ends in order, and this is a part of it.
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    validationRules: armor.validationRules,
    plugins: [...limits, ApolloServerPluginDrainHttpServer({ httpServer: http })],
    formatError(formatted, error) {
      if (formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') return formatted;
      // What went wrong inside is nobody's business outside.
      onError(error);
      return { ...formatted, message: 'something went wrong here' };
    },
  });
  await apollo.start();
  app.get('/health', async (_request, response) => {
    await prisma.$queryRaw`SELECT 1`;
    response.json({ ok: true });
  });
  app.use(authRoutes(auth));
  app.use(['/files', '/graphql'], ownPagesOnly(publicUrl));
  app.use('/files/export', exportRoutes(services, auth, schema));
  app.use('/files', fileRoutes(services, auth));
  app.use('/ide', ideRoutes());
  app.use('/graphql/stream', streamRoute(services, auth, schema));
  app.use(
    '/graphql',
    express.json({ limit: LIMITS.bodyBytes }),
    expressMiddleware(apollo, {
      context: async ({ req, res }): Promise<Context> => ({
        ...services,
        viewer: await authenticate(prisma, auth, req.headers),
        loaders: createLoaders(prisma),
        address: addressOf(req.headers, publicUrl),
        signal: goneSignal(res),
      }),
    }),
  );
  if (dashboard) app.use(dashboardFront(dashboard));
  app.use(
    (error: unknown, _request: express.Request, response: express.Response, next: express.NextFunction) => {
      if (response.headersSent) return next(error);
      const status = (error as { status?: number }).status ?? 500;
      if (status >= 500) onError(error);
      response.status(status).json({ error: status >= 500 ? 'something went wrong here' : String(error) });
    },
  );
  const bound = await listen(http, host, port);
  return { port: bound, close: () => apollo.stop() };
}

/** The next free port, if this one is taken. */
async function listen(server: Server, host: string, port: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const wanted = port === 0 ? 0 : port + attempt;
    const bound = await new Promise<number | null>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') resolve(null);
        else reject(error);
      });
      server.listen(wanted, host, () => {
        const address = server.address();
        resolve(typeof address === 'object' && address ? address.port : wanted);
      });
    });
    if (bound !== null) return bound;
  }
  throw new Error(`no port from ${port} on is free`);
}
