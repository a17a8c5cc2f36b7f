import { createServer } from 'node:http';
import { InputError } from '@espalier/errors';
import { queueState, takersByEngine } from '@espalier/runs';
import type { PrismaClient } from '@espalier/store';
import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ROUTES, type Route } from '../gate/routes.ts';

export interface Metrics {
  /** Counts each request, in front of everything. */
  readonly count: RequestHandler;
  close(): Promise<void>;
}

/** Seconds: from a page's part to an upload. */
const BUCKETS = [0.005, 0.02, 0.1, 0.25, 1, 5, 20, 60];

/**
 * Numbers for a watcher, in the text form of Prometheus, on a separate port: who reaches it reads them.
 *
 * @throws {InputError} where the port is taken
 */
export async function serveMetrics(
  prisma: PrismaClient,
  { host, port }: { readonly host: string; readonly port: number },
  onError: (error: unknown) => void,
): Promise<Metrics> {
  const registry = new Registry();
  // Event loop, memory, CPU and garbage of this process.
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    ...{ name: 'espalier_http_request_seconds', help: 'Requests by route, until their answer was over.' },
    ...{ labelNames: ['route', 'method'], buckets: BUCKETS, registers: [registry] },
  });
  const requests = new Counter({
    ...{ name: 'espalier_http_requests_total', help: 'Requests by route, method and status.' },
    ...{ labelNames: ['route', 'method', 'status'], registers: [registry] },
  });
  ofPlatform(prisma, registry);
  const server = createServer(async (request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
    try {
      const text = await registry.metrics();
      response.writeHead(200, { 'Content-Type': registry.contentType }).end(text);
    } catch (error) {
      onError(error);
      response.writeHead(503).end();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new InputError(`ESPALIER_METRICS_PORT: port ${port} of ${host} is taken`) : error);
    });
    server.listen(port, host, resolve);
  });
  return {
    count({ path, method }, response, next) {
      const route = nameOf(path);
      const end = seconds.startTimer({ route, method: known(method) });
      response.once('close', () => {
        end();
        requests.inc({ route, method: known(method), status: String(response.statusCode) });
      });
      next();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Asked of the database whenever somebody looks. */
function ofPlatform(prisma: PrismaClient, registry: Registry): void {
  const registers = [registry];
  new Gauge({
    ...{ name: 'espalier_jobs', help: 'Jobs of the queue.', labelNames: ['kind', 'state'], registers },
    async collect() {
      const { byKind } = await queueState(prisma, null);
      for (const { kind, waiting, active } of byKind) {
        this.set({ kind, state: 'waiting' }, waiting);
        this.set({ kind, state: 'active' }, active);
      }
    },
  });
  new Gauge({
    ...{ name: 'espalier_runs', help: 'Runs that are not over.', labelNames: ['state'], registers },
    async collect() {
      const over = ['finished', 'failed', 'cancelled'] as const;
      const states = await prisma.run.groupBy({
        by: ['state'],
        where: { state: { notIn: [...over] } },
        _count: true,
      });
      this.reset();
      for (const { state, _count } of states) this.set({ state }, _count);
    },
  });
  new Gauge({
    ...{ name: 'espalier_workers', help: 'Workers that take jobs.', labelNames: ['engine'], registers },
    async collect() {
      this.reset();
      for (const [engine, count] of await takersByEngine(prisma)) this.set({ engine }, count);
    },
  });
}

function nameOf(path: string): string {
  const fits = ({ path: start }: Route) => start === '/' || path === start || path.startsWith(`${start}/`);
  return Object.values(ROUTES).find(fits)?.name ?? 'pages';
}

/** Nobody makes a series by a method that there is not. */
function known(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].includes(method) ? method : 'other';
}
