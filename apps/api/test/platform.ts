import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Queue } from '@espalier/runs';
import {
  type ArtifactStore,
  folderArtifacts,
  newId,
  noted,
  openDatabase,
  type PrismaClient,
  type Role,
} from '@espalier/store';
import { startWorker } from '@espalier/worker';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type AtEnd, testDatabase } from '../../../packages/store/test/test-database.ts';
import type { AccessOptions } from '../src/access/auth.ts';
import { newSignInLink } from '../src/access/sign-in-link.ts';
import { Allocating } from '../src/allocate/allocating.ts';
import { type Dashboard, isDashboardBuilt, startDashboard } from '../src/dashboard/dashboard.ts';
import { EventBus } from '../src/events/event-bus.ts';
import { dashboardKey } from '../src/gate/on-behalf.ts';
import type { Times } from '../src/gate/routes.ts';
import { createApiKey } from '../src/people/api-keys.ts';
import type { Quotas } from '../src/quotas/quotas.ts';
import { Room } from '../src/quotas/room.ts';
import { Reading, type ReadingLimits } from '../src/reading/reading.ts';
import { startServer } from '../src/server.ts';
import { AddressGuard } from '../src/webhooks/address-guard.ts';
import { Sender } from '../src/webhooks/sender.ts';
import { Browser } from './browser.ts';
import { counter } from './statements.ts';

const at = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export const RESNET20 = at('../../../models/resnet20-cifar10.onnx');
export const SECRET = 'what cookies are signed with, in tests only';
/** Outlives test runs: data sets are decoded once. */
export const HOME = at('../../../node_modules/.cache/espalier-test');

/** One process for all: loading its code is most of the work of a small file. */
const READING = new Reading();
const ALLOCATING = new Allocating();

const NO_QUOTAS: Quotas = { bytes: null, uploads: null, recomputed: null };

export interface Platform {
  readonly address: string;
  /** Of the database. */
  readonly url: string;
  readonly prisma: PrismaClient;
  readonly artifacts: ArtifactStore;
  /** How many statements reach the database while something is done; what the queue does is not counted. */
  statements<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly count: number }>;
  /** Of the pool that requests share. */
  connections(): { readonly busy: number };
  /** A new user of a new team, or of this one. */
  member(role: Role, teamId?: string): Promise<Member>;
  /** An administrator to whom the whole installation is entrusted. */
  operator(teamId?: string): Promise<Member>;
  /** The path of a link that signs a user in, once. */
  signInLink(userId: string): Promise<string>;
  /** Signs a user in as the sign-in link does, in a separate browser. */
  signedIn(userId: string): Promise<Browser>;
}

/** What a member can do: ask, with the key in the header. */
export interface Member {
  readonly teamId: string;
  readonly userId: string;
  readonly key: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at keys of a contract, one by one
  ask(query: string, variables?: object): Promise<any>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** The whole platform in this process, on a database of the test's own. */
export async function startPlatform({
  worker = false,
  dashboard: withDashboard = false,
  uploadLimit = 50e6,
  access = {},
  times = {},
  readingLimits,
  url: given,
  home = HOME,
  quotas = NO_QUOTAS,
  reserve = 0,
  webhooks,
  atEnd = onTestFinished,
}: {
  worker?: boolean;
  /** The built one, behind the API as a person meets it. */
  dashboard?: boolean;
  uploadLimit?: number;
  access?: Partial<AccessOptions>;
  /** Of the gate: less patience than people need. */
  times?: Partial<Times>;
  /** Of the processes that read files, which are this platform's own then. */
  readingLimits?: ReadingLimits;
  /** Of a database of the test's own; default: an empty one. */
  url?: string;
  /** Default: one that tests share. */
  home?: string;
  quotas?: Quotas;
  /** Bytes of the disk that uploads leave free. */
  reserve?: number;
  /** Whether what webhooks are to be told is sent, and to which addresses besides public ones. */
  webhooks?: { readonly allowed: string };
  /** Default: it ends with the test. */
  atEnd?: AtEnd;
} = {}): Promise<Platform> {
  const folder = await mkdtemp('/var/tmp/espalier-api-');
  const url = given ?? (await testDatabase({ atEnd }));
  const complain = (error: unknown) => console.error(error);
  // One of the test's own comes with all of it.
  const migrates = given !== undefined;
  const database = await openDatabase(url, { migrates });
  const queue = await Queue.open(url, complain, {
    installs: migrates,
    timing: { heartbeatSeconds: 10, superviseSeconds: 1, pollSeconds: 0.5 },
  });
  const files = folderArtifacts(path.join(home === HOME ? folder : home, 'artifacts'));
  const artifacts = noted(files, database.prisma);
  const events = await EventBus.open(url, complain);
  const room = new Room(home, reserve);
  await mkdir(home, { recursive: true });
  const reading = readingLimits ? new Reading(readingLimits) : READING;
  const webhookGuard = new AddressGuard(webhooks?.allowed ?? '');
  const kept = { database, queue, artifacts, events, reading, allocating: ALLOCATING, webhookGuard };
  const services = { ...kept, uploadLimit, quotas, room, home };
  let dashboard: Dashboard | null = null;
  const server = await startServer(services, {
    ...{ host: '127.0.0.1', port: 0, times, onError: complain },
    dashboard: () => dashboard?.address() ?? null,
    access: { secret: SECRET, attempts: 1000, ...access },
  });
  if (withDashboard) {
    if (!isDashboardBuilt()) throw new Error('the dashboard is not built: npm test builds it');
    dashboard = startDashboard(`http://127.0.0.1:${server.port}`, dashboardKey(SECRET), complain);
  }
  const running = worker
    ? await startWorker({ ...services, version: 'test', engine: 'onnxruntime', onError: complain })
    : undefined;
  const sender = webhooks ? new Sender(services, complain) : undefined;
  atEnd(async () => {
    await sender?.close();
    await running?.stop();
    await dashboard?.close();
    await server.close();
    if (readingLimits) reading.close();
    await events.close();
    await queue.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const address = `http://127.0.0.1:${server.port}`;
  const { prisma } = database;
  const signInLink = async (userId: string) => {
    const { email } = await prisma.user.findUniqueOrThrow({ where: { id: userId } });
    return (await newSignInLink(prisma, email)).path;
  };
  return {
    address,
    url,
    prisma,
    artifacts,
    statements: counter(database.pool),
    connections: () => ({ busy: database.pool.totalCount - database.pool.idleCount }),
    member: (role, teamId) => newMember(prisma, address, role, teamId),
    async operator(teamId) {
      const member = await newMember(prisma, address, 'admin', teamId);
      await prisma.user.update({ where: { id: member.userId }, data: { operator: true } });
      return member;
    },
    signInLink,
    async signedIn(userId) {
      const browser = new Browser(address);
      await browser.follow(await signInLink(userId));
      return browser;
    },
  };
}

/**
 * One platform for all tests of a file: for those that look at teams of their own, and change
 * nothing that all teams share. A start takes half a second of a processor.
 */
export function platformOfFile(options: Parameters<typeof startPlatform>[0] = {}): () => Platform {
  let platform: Platform | undefined;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    platform = await startPlatform({ ...options, atEnd: (end) => ends.unshift(end) });
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });
  return () => {
    if (!platform) throw new Error('the platform has not started');
    return platform;
  };
}

async function newMember(
  prisma: PrismaClient,
  address: string,
  role: Role,
  team: string | undefined,
): Promise<Member> {
  const [teamId, userId] = [team ?? newId('team'), newId('user')];
  if (!team) await prisma.team.create({ data: { id: teamId, slug: teamId, name: 'Team' } });
  await prisma.user.create({ data: { id: userId, email: `${userId}@example.org`, name: 'Somebody' } });
  await prisma.membership.create({ data: { teamId, userId, role } });
  const { key } = await createApiKey(prisma, { teamId, userId }, { name: 'test', role });
  return { teamId, userId, key, ...client(address, key) };
}

export function client(address: string, key?: string): Pick<Member, 'ask' | 'fetch'> {
  const authorization: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
  const ask: Member['ask'] = async (query, variables = {}) => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  };
  return {
    ask,
    fetch: (where, init = {}) =>
      fetch(`${address}${where}`, {
        ...init,
        headers: { ...authorization, ...(init.headers as Record<string, string>) },
      }),
  };
}
