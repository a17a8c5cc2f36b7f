import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { folderArtifacts } from '@espalier/store';
import type { Request } from 'express';
import { expect, it, onTestFinished } from 'vitest';
import { BIN } from '../../../packages/cli/test/espalier.ts';
import { testDatabase } from '../../../packages/store/test/test-database.ts';
import { BrokenOff, Incoming } from '../src/files/incoming.ts';
import { commandHere } from './command.ts';
import { HOME, type Member, RESNET20, startPlatform } from './platform.ts';
import { raw } from './raw.ts';

const INCOMING = path.join(HOME, 'incoming');
const MB = 1e6;

async function place({ ask }: Member, bytes?: number): Promise<{ id: string; url: string }> {
  const { data } = await ask(
    'mutation ($bytes: Float) { createUpload(input: { fileName: "n", bytes: $bytes }) { upload { id url } } }',
    {
      bytes,
    },
  );
  return data.createUpload.upload;
}

const head = async ({ fetch }: Member, url: string) => {
  const { status, headers } = await fetch(url, { method: 'HEAD' });
  return [status, headers.get('upload-offset'), headers.get('upload-complete')];
};

it('an upload goes on where it broke off, also after the API was started anew', async () => {
  const url = await testDatabase();
  const bytes = randomBytes(3 * MB);
  const first = await startPlatform({ url });
  const editor = await first.member('editor');
  const { id, url: where } = await place(editor, bytes.length);
  expect(await head(editor, where)).toEqual([200, '0', '?0']);
  // The line dies after a part of what was announced.
  await raw(
    first.address,
    [
      `PUT ${where} HTTP/1.1`,
      `Authorization: Bearer ${editor.key}`,
      `Content-Range: bytes 0-${bytes.length - 1}/${bytes.length}`,
      `Content-Length: ${bytes.length}`,
    ],
    { body: (socket) => socket.write(bytes.subarray(0, MB), () => setTimeout(() => socket.destroy(), 1500)) },
  );
  await expect.poll(() => head(editor, where)).toEqual([200, String(MB), '?0']);

  const { address, artifacts } = await startPlatform({ url });
  const later: Member = { ...editor, fetch: (to, init) => editor.fetch(to, init) };
  const ask = (init: RequestInit) =>
    fetch(`${address}${where}`, {
      ...init,
      headers: { authorization: `Bearer ${editor.key}`, ...(init.headers as Record<string, string>) },
    });
  expect(await head(later, where)).toEqual([200, String(MB), '?0']);
  const range = (from: number, to: number) => ({
    'content-range': `bytes ${from}-${to - 1}/${bytes.length}`,
  });
  const hole = await ask({ method: 'PUT', headers: range(2 * MB, 3 * MB), body: bytes.subarray(2 * MB) });
  expect(hole.status).toBe(409);
  expect(hole.headers.get('upload-offset')).toBe(String(MB));
  const part = await ask({ method: 'PUT', headers: range(MB, 2 * MB), body: bytes.subarray(MB, 2 * MB) });
  expect([part.status, part.headers.get('upload-offset')]).toEqual([202, String(2 * MB)]);
  const rest = await ask({ method: 'PUT', headers: range(2 * MB, 3 * MB), body: bytes.subarray(2 * MB) });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(await rest.json()).toEqual({ id, sha256 });
  expect(Buffer.compare(await buffer((await artifacts.get(sha256)) as Readable), bytes)).toBe(0);
  // Whoever did not hear it asks again.
  const again = await ask({ method: 'PUT', headers: { 'content-range': `bytes */${bytes.length}` } });
  expect(await again.json()).toEqual({ id, sha256 });
  expect(await head(editor, where)).toEqual([200, String(bytes.length), '?1']);
  expect(await readdir(INCOMING)).not.toContain(`${id}.part`);
});

it('what is refused or cancelled leaves no bytes', async () => {
  const { member, address } = await startPlatform({ uploadLimit: MB });
  const [editor, stranger, viewer] = [await member('editor'), await member('editor'), await member('viewer')];
  const { id, url } = await place(editor);
  const body = randomBytes(MB + 1);
  expect((await stranger.fetch(url, { method: 'PUT', body })).status).toBe(404);
  expect((await viewer.fetch(url, { method: 'PUT', body })).status).toBe(403);
  expect((await fetch(`${address}${url}`, { method: 'PUT', body })).status).toBe(401);
  const refused = await editor.fetch(url, { method: 'PUT', body });
  expect([refused.status, await refused.json()]).toMatchObject([413, { error: `more than ${MB} bytes` }]);
  const total = { 'content-range': `bytes 0-9/${MB + 1}` };
  expect((await editor.fetch(url, { method: 'PUT', body: 'ten bytes.', headers: total })).status).toBe(413);
  for (const wrong of ['bytes 5-4/10', 'bytes 0-10/10', 'items 0-1/2', 'bytes 0-1/*']) {
    const answer = await editor.fetch(url, { method: 'PUT', body: 'x', headers: { 'content-range': wrong } });
    expect([wrong, answer.status]).toEqual([wrong, 400]);
  }
  const part = { 'content-range': 'bytes 0-9/20' };
  expect((await editor.fetch(url, { method: 'PUT', body: 'ten bytes.', headers: part })).status).toBe(202);
  expect(await readdir(INCOMING)).toContain(`${id}.part`);
  expect((await stranger.fetch(url, { method: 'DELETE' })).status).toBe(404);
  expect((await editor.fetch(url, { method: 'DELETE' })).status).toBe(204);
  expect((await head(editor, url))[0]).toBe(404);
  expect(await readdir(INCOMING)).not.toContain(`${id}.part`);
});

it('an upload may be slow, but not too slow; whoever comes later takes it over', async () => {
  const { member, address } = await startPlatform({ times: { bodyMs: 300, paceMs: 400, paceBytes: 1000 } });
  const editor = await member('editor');
  const { url } = await place(editor);
  const request = (length: number) => [
    `PUT ${url} HTTP/1.1`,
    `Authorization: Bearer ${editor.key}`,
    'Connection: close',
    `Content-Range: bytes 0-${length - 1}/${length}`,
    `Content-Length: ${length}`,
  ];
  const steadily = (size: number, everyMs: number) => (socket: Socket) => {
    let left = 20_000;
    const timer = setInterval(() => {
      if (left > 0) socket.write(Buffer.alloc(size));
      left -= size;
    }, everyMs);
    socket.once('close', () => clearInterval(timer));
  };
  // Longer than any other body may take.
  const slow = await raw(address, request(20_000), { body: steadily(1000, 100) });
  expect([slow.status, slow.ms > 1500], slow.text).toEqual([200, true]);

  const { url: other } = await place(editor);
  const lines = (length: number) => request(length).map((line) => line.replace(url, other));
  const tooSlow = await raw(address, lines(20_000), { body: steadily(10, 50) });
  expect(tooSlow.status, tooSlow.text).toBe(408);
  const stuck = raw(address, lines(20_000), { body: (socket) => socket.write(Buffer.alloc(500)) });
  await expect.poll(() => head(editor, other).catch(() => null)).toEqual([200, '500', '?0']);
  // Over a separate line: those that were kept are closed as soon.
  const whole = await raw(address, lines(11), { body: (socket) => socket.write('a later one') });
  expect(whole.status, whole.text).toBe(200);
  await stuck;
});

it('leftovers of killed processes go by their age', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-leftovers-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const artifacts = folderArtifacts(folder);
  await artifacts.put(Readable.from([Buffer.from('kept')]));
  const [old, young] = [path.join(folder, 'incoming/old.tmp'), path.join(folder, 'incoming/young.tmp')];
  for (const file of [old, young]) await writeFile(file, 'half');
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await utimes(old, yesterday, yesterday);
  await artifacts.sweep();
  await new Incoming(folder).sweep();
  expect(await readdir(path.join(folder, 'incoming'))).toEqual(['young.tmp']);
  expect((await stat(young)).size).toBe(4);
});

it('a body whose line is gone before its first byte is written is no upload for ever under way', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-gone-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const gone = new IncomingMessage(new Socket());
  gone.destroy();
  await once(gone, 'close');
  await expect(new Incoming(folder).append('upload', 0, gone as Request, 100)).rejects.toThrow(BrokenOff);

  const { address, member, prisma } = await startPlatform();
  const editor = await member('editor');
  for (let wait = 0; wait < 20; wait++) {
    const { url } = await place(editor);
    const head = [`PUT ${url} HTTP/1.1`, `Authorization: Bearer ${editor.key}`, 'Content-Length: 1000'];
    // By then the platform is somewhere between the head and the bytes.
    await raw(address, head, { body: (socket) => void setTimeout(() => socket.destroy(), wait) });
    expect((await editor.fetch(url, { method: 'DELETE' })).status).toBe(204);
  }
  expect(await prisma.upload.count()).toBe(0);
}, 60_000);

it('a push that is stopped leaves nothing on the platform', async () => {
  const { address, member, prisma } = await startPlatform();
  const { key } = await member('editor');
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-push-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { port } = new URL(address);
  let child: ChildProcess | undefined;
  // A line that is choked after some bytes, when the person loses patience.
  const line = createServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    let carried = 0;
    near.on('data', (chunk) => {
      carried += chunk.length;
      if (carried < 200_000) return;
      near.unpipe(far).pause();
      child?.kill('SIGINT');
    });
    for (const socket of [near, far]) socket.on('error', () => {});
    near.on('close', () => far.destroy());
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void line.close());
  await once(line, 'listening');
  const { port: at } = line.address() as AddressInfo;
  const env = { ...process.env, ESPALIER_HOME: folder, ESPALIER_KEY: key };
  child = spawn(process.execPath, [BIN, 'push', RESNET20, '--project', 'Birds'], {
    env: { ...env, ESPALIER_ADDRESS: `http://127.0.0.1:${at}` },
    stdio: 'ignore',
  });
  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(await prisma.upload.count()).toBe(0);
  expect(await prisma.artifact.count()).toBe(0);
}, 60_000);

it('the command goes on with a push whose line breaks', async () => {
  const { address, member, prisma } = await startPlatform();
  const { key } = await member('editor');
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-push-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { port } = new URL(address);
  let cuts = 0;
  // Breaks the first two connections that bring many bytes.
  const line = createServer((near) => {
    const far = connect(Number(port), '127.0.0.1');
    let carried = 0;
    near.on('data', (chunk) => {
      carried += chunk.length;
      if (carried < 200_000 || cuts >= 2) return;
      cuts++;
      near.destroy();
      far.destroy();
    });
    for (const socket of [near, far]) socket.on('error', () => {});
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void line.close());
  await once(line, 'listening');
  const { port: at } = line.address() as AddressInfo;
  const login = { ESPALIER_ADDRESS: `http://127.0.0.1:${at}`, ESPALIER_KEY: key };
  const pushed = await commandHere(folder, login)('push', RESNET20, '--project', 'Birds', '--json');
  expect(pushed.code, pushed.stderr).toBe(0);
  expect(cuts).toBe(2);
  const { sha256 } = await prisma.upload.findFirstOrThrow();
  expect((await prisma.artifact.findFirstOrThrow()).sha256).toBe(sha256);
}, 120_000);

it('bytes that whoever asks may read here already are not sent again, and a hash alone gives nobody anything', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const bytes = randomBytes(1000);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const place = async ({ ask }: Pick<Member, 'ask'>, of: string) => {
    const query = `mutation ($sha256: String) { createUpload(input: { fileName: "n", bytes: 1000, sha256: $sha256 }) {
      ok errors { path message } upload { id url isComplete }
    } }`;
    return (await ask(query, { sha256: of })).data.createUpload;
  };
  const first = await place(editor, sha256);
  expect(first).toMatchObject({ ok: true, upload: { isComplete: false } });
  const sent = await editor.fetch(first.upload.url, { method: 'PUT', body: bytes });
  expect(await sent.json()).toMatchObject({ sha256 });
  const again = await place(editor, sha256);
  expect(again).toMatchObject({ ok: true, upload: { isComplete: true } });
  expect(again.upload.id).not.toBe(first.upload.id);
  expect(await head(editor, again.upload.url)).toEqual([200, '1000', '?1']);
  expect((await editor.fetch(again.upload.url, { method: 'PUT', body: bytes })).status).toBe(404);
  const stranger = await platform.member('admin');
  expect(await place(stranger, sha256)).toMatchObject({ ok: true, upload: { isComplete: false } });
  expect(await place(editor, 'abc')).toMatchObject({
    ok: false,
    errors: [{ path: ['sha256'], message: expect.stringMatching(/64 digits/) }],
  });
});
