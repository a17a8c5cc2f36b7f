import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactStore } from './artifact-store.ts';
import { folderArtifacts } from './folder.ts';
import { s3Artifacts } from './s3.ts';

let folder: string;
let server: S3rver;
const stores: Record<string, ArtifactStore> = {};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'espalier-artifacts-'));
  server = new S3rver({
    port: 0,
    silent: true,
    directory: path.join(folder, 's3'),
    configureBuckets: [{ name: 'espalier', configs: [] }],
  });
  const { port } = (await server.run()) as AddressInfo;
  stores.folder = folderArtifacts(path.join(folder, 'files'));
  stores.s3 = s3Artifacts({
    bucket: 'espalier',
    prefix: 'team/a',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
  });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(['folder', 's3'])('%s', (name) => {
  const store = () => stores[name] as ArtifactStore;

  it.each([0, 1, 100_000, 3_000_000])('gives back %i bytes under the name of their hash', async (size) => {
    const bytes = randomBytes(size);
    const stored = await store().put(
      Readable.from([bytes.subarray(0, size >> 1), bytes.subarray(size >> 1)]),
    );
    expect(stored).toEqual({ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: size });
    expect(await store().size(stored.sha256)).toBe(size);
    const read = await store().get(stored.sha256);
    expect(Buffer.compare(await buffer(read as Readable), bytes)).toBe(0);
  });

  it('gives a range', async () => {
    const bytes = randomBytes(5000);
    const { sha256 } = await store().put(Readable.from([bytes]));
    const part = await store().get(sha256, { first: 10, last: 99 });
    expect(Buffer.compare(await buffer(part as Readable), bytes.subarray(10, 100))).toBe(0);
  });

  it('keeps the same bytes once', async () => {
    const bytes = randomBytes(1000);
    const [a, b] = await Promise.all([
      store().put(Readable.from([bytes])),
      store().put(Readable.from([bytes])),
    ]);
    expect(a).toEqual(b);
    expect(await store().size(a.sha256)).toBe(1000);
  });

  it('refuses more than the limit and keeps nothing of it', async () => {
    const bytes = randomBytes(2000);
    await expect(store().put(Readable.from([bytes]), { limit: 1999 })).rejects.toThrow(
      'more than 1999 bytes',
    );
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(await store().size(sha256)).toBe(null);
    expect(await store().get(sha256)).toBe(null);
    expect(await readdir(path.join(folder, 'files/incoming')).catch(() => [])).toEqual([]);
  });

  it('keeps nothing of a stream that breaks off', async () => {
    const broken = Readable.from(
      (async function* () {
        yield randomBytes(100);
        throw new Error('the line is dead');
      })(),
    );
    await expect(store().put(broken)).rejects.toThrow('the line is dead');
  });

  it('refuses a file that is not there, and ends nothing else with it', async () => {
    const missing = createReadStream(path.join(folder, 'missing'));
    await expect(store().put(missing)).rejects.toThrow('ENOENT');
  });

  it('forgets what is removed, and removes what is not there without complaint', async () => {
    const { sha256 } = await store().put(Readable.from([randomBytes(10)]));
    await store().remove(sha256);
    expect(await store().get(sha256)).toBe(null);
    await store().remove(sha256);
  });

  it('takes nothing but a hash for a name', async () => {
    await expect(async () => store().get('../../etc/passwd')).rejects.toThrow('is not a sha256');
  });
});
