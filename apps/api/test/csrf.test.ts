import { get } from 'node:http';
import { expect, it } from 'vitest';
import type { Browser } from './browser.ts';
import { startPlatform } from './platform.ts';

const EVIL = 'https://evil.example';
const body = JSON.stringify({ query: 'mutation { createProject(input: { name: "theirs" }) { ok } }' });
const json = { 'content-type': 'application/json' };

it('a page of somebody else changes nothing with our cookie', async () => {
  const { prisma, member, signedIn } = await startPlatform();
  const { userId, teamId } = await member('editor');
  const browser = await signedIn(userId);
  const ours = new URL(browser.address);
  const origins = [EVIL, 'null', `http://${ours.hostname}:1`, `${browser.address}.evil.example`];
  for (const origin of origins) {
    const response = await browser.fetch('/graphql', { method: 'POST', body, headers: { ...json, origin } });
    expect(response.status, origin).toBe(403);
  }
  const silent = await browser.post(
    '/graphql',
    { query: '{ viewer { role } }' },
    { origin: 'null', 'sec-fetch-site': 'same-origin' },
  );
  expect(silent.status).toBe(200);
  // What a form can send, from our own address, is no request of ours either.
  const form = await browser.fetch('/graphql', {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain' },
  });
  expect(form.status).toBe(400);
  const bare = await without(browser, '/graphql', json);
  expect(bare.status).toBe(403);
  expect(await prisma.project.count({ where: { teamId } })).toBe(0);
  // A server of ours, which is no browser, sends a header that pages of others cannot.
  const server = await without(browser, '/graphql', { ...json, 'apollo-require-preflight': 'true' });
  expect(await server.json()).toEqual({ data: { createProject: { ok: true } } });
});

it('nor does it store files, read streams, or sign anybody out', async () => {
  const { prisma, member, signedIn } = await startPlatform();
  const { userId } = await member('editor');
  const browser = await signedIn(userId);
  const { data } = await browser.ask(
    'mutation { createUpload(input: { fileName: "n.onnx" }) { upload { url } } }',
  );
  const { url } = data.createUpload.upload;
  const put = (headers: Record<string, string>) =>
    browser.fetch(url, { method: 'PUT', body: 'bytes', headers });
  expect((await put({ origin: EVIL })).status).toBe(403);
  expect(await prisma.artifact.count()).toBe(0);
  expect((await put({})).status).toBe(200);

  const stream = (headers: Record<string, string>) =>
    browser.fetch('/graphql/stream', {
      method: 'POST',
      headers: { ...json, accept: 'text/event-stream', ...headers },
      body: JSON.stringify({ query: 'subscription { runEvents(runId: "run_none") { seq } }' }),
    });
  expect((await stream({ origin: EVIL })).status).toBe(403);
  expect(await (await stream({})).text()).toContain('event: complete');
  // What an EventSource of another page asks, and one of ours.
  const streamed = '/graphql/stream?query=subscription{runEvents(runId:"run_none"){seq}}';
  const events = (site: string) =>
    browser.fetch(streamed, {
      headers: { accept: 'text/event-stream', 'sec-fetch-site': site, 'sec-fetch-mode': 'cors' },
    });
  expect((await events('cross-site')).status).toBe(403);
  expect(await (await events('same-origin')).text()).toContain('event: complete');

  // A picture or a script of another page; a link on it is followed.
  const file = `/files/${'0'.repeat(64)}`;
  expect(await statusOf(browser, file, 'no-cors')).toBe(403);
  expect(await statusOf(browser, file, 'navigate')).toBe(404);

  expect((await browser.post('/auth/sign-out', {}, { origin: EVIL })).status).toBe(403);
  expect((await without(browser, '/auth/sign-out', json)).status).toBe(403);
  expect((await browser.ask('{ viewer { role } }')).data.viewer.role).toBe('EDITOR');
});

it('a page of somebody else signs nobody in', async () => {
  const { member, signedIn, address } = await startPlatform();
  const browser = await signedIn((await member('viewer')).userId);
  await browser.ask(
    'mutation { updateAccount(input: { email: "m@example.org", password: "long enough" }) { ok } }',
  );
  const response = await fetch(`${address}/auth/sign-in/email`, {
    method: 'POST',
    headers: { ...json, origin: EVIL },
    body: JSON.stringify({ email: 'm@example.org', password: 'long enough' }),
  });
  expect(response.status).toBe(403);
  expect(response.headers.getSetCookie()).toEqual([]);
});

it('behind a proxy, pages of the address that browsers know are ours, and cookies are for https only', async () => {
  const publicUrl = 'https://prune.example.org';
  const { member, signedIn } = await startPlatform({ access: { publicUrl } });
  const browser = await signedIn((await member('viewer')).userId);
  expect([...browser.cookies.keys()].toSorted()).toEqual(
    ['device', 'session_token'].map((name) => `__Secure-espalier.${name}`),
  );
  const ask = { query: '{ viewer { role } }' };
  const own = await browser.post('/graphql', ask, { origin: publicUrl });
  expect(await own.json()).toEqual({ data: { viewer: { role: 'VIEWER' } } });
  expect((await browser.post('/graphql', ask, { origin: EVIL })).status).toBe(403);
  expect((await browser.post('/auth/sign-out', {}, { origin: publicUrl })).status).toBe(200);
});

/** As something that is no browser asks: nothing says where from. */
function without(browser: Browser, where: string, headers: Record<string, string>) {
  return fetch(new URL(where, browser.address), {
    method: 'POST',
    headers: { ...headers, cookie: browser.cookieHeader() },
    body: where === '/graphql' ? body : '{}',
  });
}

/** Of a GET from another site. `fetch` has a Sec-Fetch-Mode of its own. */
function statusOf(browser: Browser, where: string, mode: string): Promise<number | undefined> {
  const headers = { cookie: browser.cookieHeader(), 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode };
  return new Promise((resolve, reject) => {
    get(new URL(where, browser.address), { headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    }).on('error', reject);
  });
}
