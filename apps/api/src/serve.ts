import path from 'node:path';
import { Queue } from '@espalier/runs';
import {
  type Database,
  keepEmbeddedPostgres,
  keepTidy,
  newId,
  noted,
  openDatabase,
  type PrismaClient,
} from '@espalier/store';
import { startWorker } from '@espalier/worker';
import { addressAt } from './access/origin.ts';
import { keptSecret } from './access/secret.ts';
import { firstAdmin, newSignInLink } from './access/sign-in-link.ts';
import { audit } from './audit.ts';
import { type Config, USUAL_PORT } from './config.ts';
import { type Dashboard, isDashboardBuilt, startDashboard } from './dashboard/dashboard.ts';
import { EventBus } from './events/event-bus.ts';
import { settlePositions } from './events/experiment-events.ts';
import type { Services } from './graphql/context.ts';
import { createApiKey } from './people/api-keys.ts';
import { Reading } from './reading/reading.ts';
import { startServer } from './server.ts';
import { keepStoreTidy } from './trash/tidy-store.ts';

export interface Platform {
  /** http://host:port, or the one that browsers know. */
  readonly address: string;
  /** http://host:port, for this machine. */
  readonly ownAddress: string;
  /** Of the first user, made at the first start; null afterwards. */
  readonly firstKey: string | null;
  readonly services: Services;
  /** An address that signs in the first administrator, once, within 15 minutes. */
  readonly signInLink: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly version: string;
  /** Whether this process computes, too (default: yes). */
  readonly worker?: boolean;
  readonly onError?: (error: unknown) => void;
  /** Told in a line what became of what nobody needs. */
  readonly log?: (line: string) => void;
}

/** Brings everything up: database, API and a worker. */
export async function serve(config: Config, options: ServeOptions): Promise<Platform> {
  const { version, worker: computes = true, onError = () => {}, log = () => {} } = options;
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const database = await openConfigured(config, closing, onError);
    const { url } = database;
    const queue = await Queue.open(url, onError);
    closing.push(() => queue.close());
    const artifacts = noted(config.openArtifacts(), database.prisma);
    closing.push(keepStoreTidy({ database, artifacts }, { log, onError }));
    const { home, cacheBytes } = config;
    closing.push(await keepTidy({ database, home, cacheBytes, log, onError }));
    const firstKey = await firstStart(database.prisma);
    if (computes) {
      const { budgets } = config;
      const worker = await startWorker({ database, queue, artifacts, home, budgets, version, onError });
      closing.push(() => worker.stop());
    }
    await settlePositions(database.prisma);
    const events = await EventBus.open(url, onError);
    closing.push(() => events.close());
    const { uploadLimit, publicUrl, proxies, openSignUp } = config;
    const reading = new Reading(config.reading);
    closing.push(async () => reading.close());
    const services: Services = { database, queue, artifacts, events, reading, uploadLimit, home };
    const { host, port } = config;
    const secret = config.secret ?? (await keptSecret(home));
    const access = { secret, publicUrl, proxies, openSignUp };
    const { hosts, auditDays } = config;
    let dashboard: Dashboard | null = null;
    const server = await startServer(services, {
      ...{ host, port, access, hosts, auditDays, onError },
      dashboard: () => config.dashboardUrl ?? dashboard?.address() ?? null,
    });
    closing.push(() => server.close());
    const ownAddress = addressAt(host, server.port);
    if (config.dashboardUrl === undefined && isDashboardBuilt()) {
      const started = startDashboard(ownAddress, onError);
      dashboard = started;
      closing.push(() => started.close());
    }
    const address = publicUrl ?? ownAddress;
    const signInLink = new URL(await newSignInLink(database.prisma), address).href;
    return { address, ownAddress, firstKey, services, signInLink, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** No question of a request takes longer, and none of a worker does. */
const STATEMENT_MS = 60_000;

/** The database that the configuration names, or else one of our own. */
async function openConfigured(
  { databaseUrl, home }: Config,
  closing: (() => Promise<void>)[],
  onError: (error: unknown) => void,
): Promise<Database> {
  let url = databaseUrl;
  if (url === undefined) {
    const postgres = await keepEmbeddedPostgres(path.join(home, 'postgres'), onError);
    closing.push(() => postgres.stop());
    url = postgres.url;
  }
  const database = await openDatabase(url, { statementMs: STATEMENT_MS, onError });
  closing.push(() => database.close());
  return database;
}

/**
 * An address that signs somebody in, once, within 15 minutes; the platform may be running or not.
 *
 * @throws {InputError} for an e-mail address that nobody has
 */
export async function signInLinkFor(config: Config, email?: string): Promise<string> {
  const closing: (() => Promise<void>)[] = [];
  try {
    const { prisma } = await openConfigured(config, closing, () => {});
    await firstStart(prisma);
    return new URL(
      await newSignInLink(prisma, email),
      config.publicUrl ?? addressAt(config.host, config.port ?? USUAL_PORT),
    ).href;
  } finally {
    for (const step of closing.reverse()) await step();
  }
}

/** Another key for the first administrator, for whoever lost the first one and has the database. */
export async function newAdminKey(prisma: PrismaClient): Promise<string> {
  const owner = await firstAdmin(prisma);
  return prisma.$transaction(async (transaction) => {
    const made = await createApiKey(transaction, owner, { name: 'new key', role: 'admin' });
    const data = { name: 'new key', role: 'admin', by: 'the command --new-key' };
    await audit(transaction, { ...owner, apiKeyId: null }, 'api-key.create', made.id, data);
    return made.key;
  });
}

/** A team, a user and a key, where there is nobody yet. */
async function firstStart(prisma: PrismaClient): Promise<string | null> {
  return prisma.$transaction(async (transaction) => {
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(4711002)`;
    if ((await transaction.team.count()) > 0) return null;
    const [teamId, userId] = [newId('team'), newId('user')];
    await transaction.team.create({ data: { id: teamId, slug: 'home', name: 'Home' } });
    await transaction.user.create({ data: { id: userId, email: 'admin@localhost', name: 'Admin' } });
    await transaction.membership.create({ data: { teamId, userId, role: 'admin' } });
    const { key } = await createApiKey(transaction, { teamId, userId }, { name: 'first key', role: 'admin' });
    return key;
  });
}
