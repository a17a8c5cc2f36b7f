import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import S3rver from 's3rver';
import { expect, it, onTestFinished } from 'vitest';
import { s3Artifacts } from '../src/artifacts/s3.ts';
import {
  ArtifactCache,
  type ArtifactStore,
  folderArtifacts,
  freeArtifacts,
  keepTidy,
  newScratch,
  noted,
  openDatabase,
  registerArtifact,
  removeFreed,
  removeUnreferenced,
  sweepScratch,
  tellPurged,
  tidyHome,
} from '../src/index.ts';
import { testDatabase } from './test-database.ts';

const DAY_MS = 24 * 3_600_000;
const MUCH = { cacheBytes: 1e9 };

async function setUp(kind = 'folder') {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-tidy-'));
  const database = await openDatabase(await testDatabase());
  onTestFinished(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const { prisma } = database;
  const files =
    kind === 's3' ? await bucket(path.join(folder, 's3')) : folderArtifacts(path.join(folder, 'store'));
  const artifacts = noted(files, prisma);
  const put = (text: string, store = artifacts) => store.put(Readable.from([Buffer.from(text)]));
  const register = (stored: Awaited<ReturnType<ArtifactStore['put']>>) =>
    prisma.$transaction((transaction) => registerArtifact(transaction, artifacts, stored, 'text/plain'));
  const purge = (...sha256s: string[]) =>
    prisma.$transaction(async (transaction) => {
      await freeArtifacts(transaction, sha256s);
      await tellPurged(transaction, sha256s);
    });
  /** As if so much time had passed. */
  const later = (ms: number) =>
    prisma.$executeRaw`UPDATE "FreedArtifact" SET "removableAt" = "removableAt" - ${ms} * interval '1 ms'`;
  const home = path.join(folder, 'home');
  return { folder, home, database, prisma, artifacts, files, put, register, purge, later };
}

async function bucket(directory: string): Promise<ArtifactStore> {
  const configureBuckets = [{ name: 'espalier', configs: [] }];
  const server = new S3rver({ port: 0, silent: true, directory, configureBuckets });
  const { port } = (await server.run()) as AddressInfo;
  onTestFinished(() => server.close());
  return s3Artifacts({
    bucket: 'espalier',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  });
}

it('what is purged goes from every machine, with what was made of it, and nothing else goes', async () => {
  const { folder, prisma, artifacts, put, register, purge } = await setUp();
  const [model, data, kept] = [await put('a model'), await put('images'), await put('kept')];
  for (const stored of [model, data, kept]) await register(stored);
  const foreign = 'f'.repeat(64);
  const homes = [1, 2].map((i) => path.join(folder, `home-${i}`));
  for (const home of homes) {
    const cache = new ArtifactCache(artifacts, home);
    for (const { sha256 } of [model, data, kept]) await cache.file(sha256, '.bytes');
    for (const pair of [
      [model.sha256, 'mnist'],
      [kept.sha256, data.sha256],
      [kept.sha256, 'mnist'],
    ]) {
      const derived = await cache.derivedFolder(...pair);
      await mkdir(path.join(derived, 'units'));
      await writeFile(path.join(derived, 'units', 'unit.json'), '{}');
    }
    await writeFile(path.join(home, 'artifact-cache', `${foreign}.onnx`), 'of another platform');
  }
  const reading = await open(path.join(homes[0] ?? '', 'artifact-cache', `${data.sha256}.bytes`));
  await purge(model.sha256, data.sha256);
  for (const home of homes) {
    expect(await tidyHome(prisma, home, MUCH)).toEqual({ artifacts: 4, bytes: 'a modelimages{}{}'.length });
    expect((await readdir(path.join(home, 'artifact-cache'))).sort()).toEqual(
      [`${kept.sha256}.bytes`, `${foreign}.onnx`].sort(),
    );
    expect(await readdir(path.join(home, 'derived'))).toEqual([`${kept.sha256}-mnist`]);
    expect(await tidyHome(prisma, home, MUCH)).toEqual({ artifacts: 0, bytes: 0 });
  }
  // Whoever has it open reads on.
  expect((await reading.readFile()).toString()).toBe('images');
  await reading.close();
  // What has come again since is no longer purged.
  await register(await put('images'));
  await new ArtifactCache(artifacts, homes[0] ?? '').file(data.sha256, '.bytes');
  expect(await tidyHome(prisma, homes[0] ?? '', MUCH)).toEqual({ artifacts: 0, bytes: 0 });
});

it('a machine hears of a purge while it runs, and of those that it missed when it starts', async () => {
  const { home, database, artifacts, put, register, purge } = await setUp();
  const lines: string[] = [];
  const told = { database, home, ...MUCH, log: (line: string) => lines.push(line), onError: console.error };
  const cache = new ArtifactCache(artifacts, home);
  const gone = async (text: string, during: () => Promise<unknown>) => {
    const { sha256 } = await put(text);
    await register({ sha256, bytes: text.length });
    const file = await cache.file(sha256, '.bytes');
    await purge(sha256);
    await during();
    await expect.poll(() => existsSync(file), { timeout: 5000 }).toBe(false);
  };
  let stop = async () => {};
  await gone('missed', async () => {
    stop = await keepTidy(told);
  });
  await gone('heard', async () => {});
  await stop();
  expect(lines).toEqual(['caches: removed 1, 6 B', 'caches: removed 1, 5 B']);
});

it('a cache that is too large loses what was not wanted for longest, and never what was just given out', async () => {
  const { home, prisma, artifacts, put, register } = await setUp();
  const cache = new ArtifactCache(artifacts, home);
  const files: string[] = [];
  for (const i of [0, 1, 2, 3]) {
    const stored = await put(String(i).repeat(1000));
    await register(stored);
    files.push(await cache.file(stored.sha256, '.bytes'));
  }
  const derived = await cache.derivedFolder('a'.repeat(64), 'mnist');
  await writeFile(path.join(derived, 'unit'), 'u'.repeat(1000));
  const there = () => [...files, derived].map((file) => existsSync(file));
  const wanted = async (file: string, days: number) => {
    const at = new Date(Date.now() - days * DAY_MS);
    await utimes(file, at, at);
  };
  for (const [i, file] of files.entries()) await wanted(file, 10 - i);
  await wanted(path.join(derived, 'unit'), 20);
  await wanted(derived, 20);
  expect(await tidyHome(prisma, home, { cacheBytes: 5000 })).toEqual({ artifacts: 0, bytes: 0 });
  expect(await tidyHome(prisma, home, { cacheBytes: 4999 })).toEqual({ artifacts: 1, bytes: 1000 });
  expect(there()).toEqual([true, true, true, true, false]);
  // The oldest one is wanted again: it is the youngest now, and its time of change is as it was.
  const [first = ''] = files;
  await cache.file(path.basename(first, '.bytes'), '.bytes');
  expect(await tidyHome(prisma, home, { cacheBytes: 2500 })).toEqual({ artifacts: 2, bytes: 2000 });
  expect(there()).toEqual([true, false, false, true, false]);
  expect(await tidyHome(prisma, home, { cacheBytes: 1 })).toEqual({ artifacts: 1, bytes: 1000 });
  expect(there()).toEqual([true, false, false, false, false]);
});

it('files that a killed process was fetching go by their age', async () => {
  const { home, prisma } = await setUp();
  const folder = path.join(home, 'artifact-cache');
  await mkdir(folder, { recursive: true });
  const [old, young] = [path.join(folder, 'a.1.1.tmp'), path.join(folder, 'b.1.1.tmp')];
  for (const file of [old, young]) await writeFile(file, 'half');
  const before = new Date(Date.now() - DAY_MS);
  await utimes(old, before, before);
  await tidyHome(prisma, home, MUCH);
  expect(await readdir(folder)).toEqual(['b.1.1.tmp']);
});

it('folders of killed processes go, and those of living ones stay', async () => {
  const own = await newScratch();
  onTestFinished(() => rm(own, { recursive: true, force: true }));
  const dead = spawnSync(process.execPath, ['-e', 'console.log(process.pid)']).stdout.toString().trim();
  const theirs = path.join(path.dirname(own), path.basename(own).replace(/\d+/, dead));
  await mkdir(theirs);
  await writeFile(path.join(theirs, 'pruned.onnx'), 'a network');
  for (const folder of [own, theirs]) await utimes(folder, new Date(0), new Date(0));
  await sweepScratch();
  expect([own, theirs].map((folder) => existsSync(folder))).toEqual([true, false]);
});

it.each(['folder', 's3'])(
  'bytes of a process that ended before it referred to them are removed, but not those of one at work (%s)',
  async (kind) => {
    const { prisma, artifacts, files, put, register, later } = await setUp(kind);
    const [lost, kept] = [await put('lost'), await put('kept')];
    expect(await removeUnreferenced(prisma, artifacts)).toEqual({ artifacts: 0, bytes: 0 });
    await register(kept);
    await prisma.upload.deleteMany();
    await later(DAY_MS);
    await prisma.team.create({ data: { id: 'team_a', slug: 'a', name: 'A' } });
    await prisma.upload.create({
      data: { id: 'upload_a', teamId: 'team_a', fileName: 'f', limit: 4, sha256: kept.sha256 },
    });
    expect(await removeUnreferenced(prisma, artifacts)).toEqual({ artifacts: 1, bytes: 4 });
    expect([await files.size(lost.sha256), await files.size(kept.sha256)]).toEqual([null, 4]);
    expect(await prisma.freedArtifact.count()).toBe(0);
    // Nothing refers to it any more: its upload is too old.
    await prisma.$executeRaw`UPDATE "Upload" SET "createdAt" = now() - interval '2 days'`;
    expect(await removeUnreferenced(prisma, artifacts)).toEqual({ artifacts: 1, bytes: 4 });
    expect(await files.size(kept.sha256)).toBe(null);
  },
);

it.each(['folder', 's3'])(
  'bytes that come while older ones of the same name are removed are there when they are referred to (%s)',
  async (kind) => {
    const { prisma, artifacts, files, put, register, later } = await setUp(kind);
    for (let i = 0; i < 30; i++) {
      await put('the same');
      await later(DAY_MS);
      const [stored] = await Promise.all([
        put('the same'),
        removeFreed(prisma, artifacts),
        removeFreed(prisma, artifacts),
      ]);
      await register(stored);
      expect(await files.size(stored.sha256)).toBe(8);
      await prisma.artifact.deleteMany();
    }
  },
);
