import path from 'node:path';
import { Queue } from '@espalier/runs';
import {
  type Database,
  holdSchema,
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
import { Allocating } from './allocate/allocating.ts';
import { noteOf } from './audit/noted.ts';
import { audit } from './audit.ts';
import { type Config, USUAL_PORT } from './config.ts';
import { type Dashboard, isDashboardBuilt, startDashboard } from './dashboard/dashboard.ts';
import { EventBus } from './events/event-bus.ts';
import { settlePositions } from './events/experiment-events.ts';
import { dashboardKey } from './gate/on-behalf.ts';
import type { Services } from './graphql/context.ts';
import { serveMetrics } from './metrics/metrics.ts';
import { makeOperator } from './operations/operators.ts';
import { createApiKey } from './people/api-keys.ts';
import { teamNameOf } from './people/teams.ts';
import { Room } from './quotas/room.ts';
import { Reading } from './reading/reading.ts';
import { startServer } from './server.ts';
import { keepStoreTidy } from './trash/tidy-store.ts';
import { AddressGuard } from './webhooks/address-guard.ts';
import { Sender } from './webhooks/sender.ts';

export interface Platform {
  /** http://host:port, or the one that browsers know. */
  readonly address: string;
  /** http://host:port, for this machine. */
  readonly ownAddress: string;
  /** Whether there was nobody before: its first administrator was made just now. */
  readonly isNew: boolean;
  readonly services: Services;
  /** Makes an address that signs in the first administrator, once, within 15 minutes. */
  signInLink(): Promise<string>;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly version: string;
  /** Whether this process computes, too (default: yes). */
  readonly worker?: boolean;
  readonly onError?: (error: unknown) => void;
  /** Told when it must not serve any more: the database has become another version's. */
  readonly onLost?: (error: Error) => void;
  /** Told in a line what became of what nobody needs. */
  readonly log?: (line: string) => void;
}

/** Brings everything up: database, API and a worker. */
export async function serve(config: Config, options: ServeOptions): Promise<Platform> {
  const { version, worker: computes = true, onError = () => {}, onLost = onError, log = () => {} } = options;
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const database = await openConfigured(config, closing, onError);
    const { url } = database;
    const schema = await holdSchema(url, { version, onLost, onError });
    closing.push(() => schema.close());
    const queue = await Queue.open(url, onError, { teamRuns: config.teamRuns });
    closing.push(() => queue.close());
    const artifacts = noted(config.openArtifacts(), database.prisma);
    closing.push(keepStoreTidy({ database, artifacts }, { log, onError }));
    const { home, cacheBytes } = config;
    closing.push(await keepTidy({ database, home, cacheBytes, log, onError }));
    const isNew = await firstStart(database.prisma);
    if (computes) {
      const { budgets } = config;
      const worker = await startWorker({ database, queue, artifacts, home, budgets, version, onError });
      closing.push(() => worker.stop());
    }
    await settlePositions(database.prisma);
    const events = await EventBus.open(url, onError);
    closing.push(() => events.close());
    const { uploadLimit, quotas, publicUrl, proxies, openSignUp } = config;
    const reading = new Reading(config.reading);
    closing.push(async () => reading.close());
    const allocating = new Allocating(config.reading.memory);
    closing.push(async () => allocating.close());
    const room = new Room(home, config.diskReserve);
    const webhookGuard = new AddressGuard(config.webhooksPrivate);
    const kept = { database, queue, artifacts, events, reading, allocating, webhookGuard };
    const services: Services = { ...kept, uploadLimit, quotas, room, home };
    const sender = new Sender(services, onError);
    closing.push(() => sender.close());
    const { host, port } = config;
    const secret = config.secret ?? (await keptSecret(home));
    const access = { secret, publicUrl, proxies, openSignUp };
    const { hosts, auditDays } = config;
    const metrics = config.metrics && (await serveMetrics(database.prisma, config.metrics, onError));
    if (metrics) closing.push(() => metrics.close());
    let dashboard: Dashboard | null = null;
    const server = await startServer(services, {
      ...{ host, port, access, hosts, auditDays, onError },
      before: metrics ? [metrics.count] : [],
      dashboard: () => config.dashboardUrl ?? dashboard?.address() ?? null,
    });
    closing.push(() => server.close());
    const ownAddress = addressAt(host, server.port);
    if (config.dashboardUrl === undefined && isDashboardBuilt()) {
      const started = startDashboard(ownAddress, dashboardKey(secret), onError);
      dashboard = started;
      closing.push(() => started.close());
    }
    const address = publicUrl ?? ownAddress;
    const signInLink = () => linkAt(address, database.prisma);
    return { address, ownAddress, isNew, services, signInLink, close };
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
 * An address that signs somebody in, once, within 15 minutes, and a key, if that is wanted; the platform may be running
 * or not.
 *
 * @throws {InputError} for an e-mail address that nobody has
 */
export function wayIn(
  config: Config,
  email: string | undefined,
  withKey: boolean,
): Promise<{ readonly link: string; readonly key: string | null }> {
  return onDatabase(config, async (prisma) => {
    const address = config.publicUrl ?? addressAt(config.host, config.port ?? USUAL_PORT);
    return { link: await linkAt(address, prisma, email), key: withKey ? await newAdminKey(prisma) : null };
  });
}

/**
 * Makes somebody an operator, for an installation that has lost its own; the platform may be running or not.
 *
 * @throws {FieldError} for an e-mail address that nobody has
 */
export function newOperator(config: Config, email: string): Promise<void> {
  return onDatabase(config, (prisma) =>
    prisma.$transaction(async (transaction) => {
      const { id: userId } = await makeOperator(transaction, email, true);
      const teams = await transaction.membership.findMany({ where: { userId } });
      for (const { teamId } of teams) {
        const by = { by: 'the command --operator' };
        await audit(transaction, { teamId, userId, apiKeyId: null }, 'operator.add', userId, by);
      }
    }),
  );
}

async function onDatabase<T>(config: Config, work: (prisma: PrismaClient) => Promise<T>): Promise<T> {
  const closing: (() => Promise<void>)[] = [];
  try {
    const { prisma } = await openConfigured(config, closing, () => {});
    await firstStart(prisma);
    return await work(prisma);
  } finally {
    for (const step of closing.reverse()) await step();
  }
}

/** Made by who has the database, which the audit log tells. */
async function linkAt(address: string, prisma: PrismaClient, email?: string): Promise<string> {
  const { path: where, userId } = await newSignInLink(prisma, email);
  const data = { by: 'the command --sign-in-link' };
  await noteOf(prisma, userId, { action: 'sign-in-link.create', data, once: 'minute' });
  return new URL(where, address).href;
}

/** How long a key is good that a program prints: it may be in a log. */
const PRINTED_KEY_MS = 30 * 24 * 3_600_000;

/** Brings the database to the schema of this version, and nothing else. */
export async function migrateConfigured(config: Config): Promise<void> {
  const closing: (() => Promise<void>)[] = [];
  try {
    const { url } = await openConfigured(config, closing, () => {});
    await (await Queue.open(url, () => {})).close();
  } finally {
    for (const step of closing.reverse()) await step();
  }
}

/** A key for the first administrator, for whoever has the database. */
export async function newAdminKey(prisma: PrismaClient): Promise<string> {
  const owner = await firstAdmin(prisma);
  return prisma.$transaction(async (transaction) => {
    const expiresAt = new Date(Date.now() + PRINTED_KEY_MS);
    const made = await createApiKey(transaction, owner, { name: 'new key', role: 'admin', expiresAt });
    const data = { name: 'new key', role: 'admin', by: 'the command --new-key' };
    await audit(transaction, { ...owner, apiKeyId: null }, 'api-key.create', made.id, data);
    return made.key;
  });
}

/** Of the first user. */
const ADMIN = 'Admin';

/** A team and a user, where there is nobody yet; whether there was nobody. */
async function firstStart(prisma: PrismaClient): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(4711002)`;
    if ((await transaction.team.count()) > 0) return false;
    const [teamId, userId] = [newId('team'), newId('user')];
    await transaction.team.create({ data: { id: teamId, slug: 'home', name: teamNameOf(ADMIN) } });
    await transaction.user.create({
      data: { id: userId, email: 'admin@localhost', name: ADMIN, operator: true },
    });
    await transaction.membership.create({ data: { teamId, userId, role: 'admin' } });
    return true;
  });
}
