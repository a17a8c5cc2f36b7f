import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Listener } from '../database/listener.ts';
import type { Database } from '../database/open.ts';
import { Prisma, type PrismaClient } from '../generated/client.ts';
import { DERIVED, FETCHED } from './cache.ts';
import { PURGED_CHANNEL, type Removed } from './references.ts';
import { sweepScratch } from './scratch.ts';

/** A writer that has not written for so long is dead. */
const ABANDONED_MS = 3_600_000;
/** Whoever was given a file opens it within this time; once it is open it may be removed. */
const GRACE_MS = 3_600_000;

const EVERY_MS = 3_600_000;

export interface Tidying {
  readonly database: Database;
  readonly home: string;
  readonly cacheBytes: number;
  /** Told in a line what was removed. */
  readonly log: (line: string) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Tidies a home at once, whenever something was purged, and every hour.
 *
 * @returns what ends it
 */
export async function keepTidy({
  database,
  home,
  cacheBytes,
  log,
  onError,
}: Tidying): Promise<() => Promise<void>> {
  let [running, again]: [Promise<void> | null, boolean] = [null, false];
  const tidy = async () => {
    await sweepScratch();
    do {
      again = false;
      const { artifacts, bytes } = await tidyHome(database.prisma, home, { cacheBytes });
      if (artifacts > 0) log(`caches: removed ${artifacts}, ${sizeWords(bytes)}`);
    } while (again);
  };
  const soon = () => {
    again = running !== null;
    running ??= tidy()
      .catch(onError)
      .finally(() => {
        running = null;
      });
  };
  const listener = await Listener.open(database.url, {
    ...{ channels: [PURGED_CHANNEL], onNotification: soon, onReconnect: soon, onError },
  });
  const timer = setInterval(soon, EVERY_MS);
  soon();
  return async () => {
    clearInterval(timer);
    await listener.close();
    await running;
  };
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** 1,234,567 -> "1.2 MB". */
export function sizeWords(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

/** Something of a home that is there or not as a whole. */
interface Item {
  readonly path: string;
  /** Of what it is made. */
  readonly sha256s: readonly string[];
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/**
 * Removes from a machine's home what was purged, with what was made of it; what killed processes left; and, as long as
 * all of it is larger than `cacheBytes`, what was not wanted for longest. What another process has open it reads on.
 *
 * @param home a folder that processes and platforms may share: what this database does not know stays
 */
export async function tidyHome(
  prisma: PrismaClient,
  home: string,
  { cacheBytes, graceMs = GRACE_MS }: { readonly cacheBytes: number; readonly graceMs?: number },
): Promise<Removed> {
  const folders = [FETCHED, DERIVED].map((name) => path.join(home, name));
  const items = (await Promise.all(folders.map(itemsIn))).flat();
  const known = [...new Set(items.flatMap(({ sha256s }) => sha256s))];
  const purged = new Set(await purgedOf(prisma, known));
  const gone = items.filter(({ sha256s }) => sha256s.some((sha256) => purged.has(sha256)));
  const left = items.filter((item) => !gone.includes(item)).sort((a, b) => a.usedAt - b.usedAt);
  let tooMuch = sum(left) - cacheBytes;
  for (const item of left) {
    if (tooMuch <= 0 || Date.now() - item.usedAt < graceMs) break;
    tooMuch -= item.bytes;
    // Somebody may have wanted it meanwhile.
    if ((await itemAt(item.path))?.usedAt === item.usedAt) gone.push(item);
  }
  for (const item of gone) await removeWhole(item.path);
  return { artifacts: gone.length, bytes: sum(gone) };
}

/** Of some artifacts those that were purged and have not come again. */
async function purgedOf(prisma: PrismaClient, sha256s: readonly string[]): Promise<string[]> {
  const found = await prisma.$queryRaw<{ sha256: string }[]>(Prisma.sql`
    SELECT p."sha256" FROM "PurgedArtifact" p WHERE p."sha256" = ANY(${sha256s})
      AND NOT EXISTS (SELECT 1 FROM "Artifact" a WHERE a."sha256" = p."sha256")`);
  return found.map(({ sha256 }) => sha256);
}

/** Files that nobody writes any more are removed on the way. */
async function itemsIn(folder: string): Promise<Item[]> {
  const items: Item[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const item = await itemAt(path.join(folder, name));
    if (!item) continue;
    if (!name.endsWith('.tmp')) items.push(item);
    else if (Date.now() - item.usedAt > ABANDONED_MS) await rm(item.path, { recursive: true, force: true });
  }
  return items;
}

async function itemAt(file: string): Promise<Item | null> {
  const found = await stat(file).catch(() => null);
  if (!found) return null;
  const sha256s = path.basename(file).match(/[0-9a-f]{64}/g) ?? [];
  const own = { path: file, sha256s, bytes: found.size, usedAt: found.mtimeMs };
  if (!found.isDirectory()) return { ...own, usedAt: Math.max(found.atimeMs, found.mtimeMs) };
  const inner: Item[] = [];
  for (const name of await readdir(file).catch(() => [])) {
    const item = await itemAt(path.join(file, name));
    if (item) inner.push(item);
  }
  return {
    ...own,
    bytes: sum(inner),
    usedAt: inner.reduce((at, one) => Math.max(at, one.usedAt), own.usedAt),
  };
}

/** Not there any more at once, and not by halves. */
async function removeWhole(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}.tmp`;
  // Another process may have been faster.
  await rename(file, aside).catch(() => {});
  await rm(aside, { recursive: true, force: true });
}

function sum(items: readonly Item[]): number {
  return items.reduce((bytes, item) => bytes + item.bytes, 0);
}
