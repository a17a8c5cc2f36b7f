import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '@espalier/store';
import { expect, it, onTestFinished } from 'vitest';
import { testDatabase } from '../../../packages/store/test/test-database.ts';
import { keptSecret } from '../src/access/secret.ts';
import { hidesAddresses, readConfig } from '../src/config.ts';
import { Browser } from './browser.ts';
import { HOME } from './platform.ts';

const MAIN = fileURLToPath(new URL('../bin/serve.mjs', import.meta.url));

it('secrets are printed when they are asked for: a link by a start or a command, a key that ends', async () => {
  const home = await temporaryHome();
  const env = { ESPALIER_HOME: home, ESPALIER_DATABASE_URL: await testDatabase(), ESPALIER_PORT: '0' };
  const quiet = started(env, '--no-example', '--no-worker');
  await quiet.says(/npm start -- --sign-in-link shows a link that signs the first administrator in/);
  await quiet.says(/Ctrl-C ends it/);
  expect(quiet.text()).not.toMatch(/esp_|token=/);
  quiet.stop();
  expect(await quiet.code()).toBe(0);
  const platform = started(env, '--no-example', '--no-worker', '--link');
  const [, link = ''] = await platform.says(/Sign in: (\S+)/);
  const browser = new Browser(new URL(link).origin);
  await browser.follow(link);
  const who = '{ viewer { user { email } role viewerCanOperate } }';
  const admin = { viewer: { user: { email: 'admin@localhost' }, role: 'ADMIN', viewerCanOperate: true } };
  expect((await browser.ask(who)).data).toEqual(admin);

  const another = started(env, '--sign-in-link', 'admin@localhost', '--new-key');
  const [, second = ''] = await another.says(/Sign in: (\S+)/);
  expect(await another.code()).toBe(0);
  const [, key] = await another.says(/API key, shown only once, valid for 30 days: (esp_\S+)/);
  const response = await fetch(`${browser.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ viewer { role } }' }),
  });
  expect(await response.json()).toEqual({ data: { viewer: { role: 'ADMIN' } } });
  const { data } = (await browser.ask(
    '{ apiKeys { nodes { expiresAt } } auditLog(first: 20) { nodes { words } } }',
  )) as {
    data: { apiKeys: { nodes: { expiresAt: string }[] }; auditLog: { nodes: { words: string }[] } };
  };
  const days = data.apiKeys.nodes.map(({ expiresAt }) => (Date.parse(expiresAt) - Date.now()) / 86_400_000);
  expect(days.map(Math.round)).toEqual([30]);
  const told = data.auditLog.nodes.map(({ words }) => words);
  expect(told.join('\n')).toMatch(/^made a sign-in link by the command --sign-in-link/m);
  const other = new Browser(browser.address);
  const { pathname, search } = new URL(second);
  await other.follow(pathname + search);
  expect((await other.ask(who)).data).toEqual(admin);
  const unknown = started(env, '--sign-in-link', 'nobody@example.org');
  await unknown.says(/error: no user has the address nobody@example.org/);
  expect(await unknown.code()).toBe(1);
  // On the machine itself, where nobody is an operator any more.
  const setTo = `mutation { setOperator(input: { email: "admin@localhost", operator: false }) { errors { message } } }`;
  expect((await other.ask(setTo)).data.setOperator.errors[0].message).toMatch(/needs an operator/);
  const database = await openDatabase(env.ESPALIER_DATABASE_URL);
  onTestFinished(() => database.close());
  await database.prisma.user.updateMany({ data: { operator: false } });
  expect((await other.ask(who)).data.viewer.viewerCanOperate).toBe(false);
  const operator = started(env, '--operator', 'admin@localhost');
  await operator.says(/admin@localhost is an operator of this installation/);
  expect(await operator.code()).toBe(0);
  expect((await other.ask(who)).data).toEqual(admin);
  platform.stop();
  expect(await platform.code()).toBe(0);
});

it('who watches the example may lose sight of it: the platform and the example go on', async () => {
  const url = await testDatabase();
  const platform = started({ ESPALIER_HOME: HOME, ESPALIER_DATABASE_URL: url, ESPALIER_PORT: '0' });
  const [, address = ''] = await platform.says(/Espalier is at (\S+)/);
  await platform.says(/The example: /);
  const { prisma, close } = await openDatabase(url);
  onTestFinished(close);
  await expect.poll(() => prisma.apiKey.deleteMany().then(({ count }) => count)).toBe(1);
  await platform.says(/the example goes on, but is no longer shown here: .*key/);
  await platform.says(/Ctrl-C ends it/);
  expect((await fetch(`${address}/health`)).status).toBe(200);
  expect(await prisma.run.count({ where: { state: { in: ['failed', 'cancelled'] } } })).toBe(0);
  platform.stop();
  expect(await platform.code()).toBe(0);
});

it('the secret is made once, whoever comes first, and for nobody else to read', async () => {
  const home = path.join(await temporaryHome(), 'new');
  const secrets = await Promise.all([keptSecret(home), keptSecret(home), keptSecret(home)]);
  expect(new Set([...secrets, await keptSecret(home)]).size).toBe(1);
  expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(await readdir(home)).toEqual(['secret']);
  expect((await stat(path.join(home, 'secret'))).mode & 0o777).toBe(0o600);
});

it('variables that are wrong are told together', () => {
  const env = { ESPALIER_SECRET: 'short', ESPALIER_OPEN_SIGNUP: 'perhaps', ESPALIER_URL: 'ftp://x' };
  expect(() => readConfig(env)).toThrow(
    /ESPALIER_URL.*ESPALIER_SECRET: takes at least 32.*ESPALIER_OPEN_SIGNUP/,
  );
  expect(() => readConfig({ ESPALIER_WEBHOOKS_PRIVATE: 'http://x' })).toThrow(
    /ESPALIER_WEBHOOKS_PRIVATE: takes hosts, addresses and networks/,
  );
  expect(readConfig({ ESPALIER_OPEN_SIGNUP: 'true' }).openSignUp).toBe(true);
  expect(readConfig({ ESPALIER_OPEN_SIGNUP: '' }).openSignUp).toBe(false);
});

it('a proxy that nobody named is warned of: it makes all addresses one', () => {
  const of = (env: NodeJS.ProcessEnv) => hidesAddresses(readConfig(env));
  expect(of({ ESPALIER_URL: 'https://prune.example.org' })).toBe(true);
  expect(of({ ESPALIER_URL: 'https://prune.example.org', ESPALIER_PROXIES: '10.0.0.1' })).toBe(false);
  expect(of({ ESPALIER_URL: 'http://127.0.0.1:4000' })).toBe(false);
  expect(of({})).toBe(false);
});

async function temporaryHome(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-start-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The process of the platform. */
function started(env: NodeJS.ProcessEnv, ...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      child.emit('said');
    });
  }
  return {
    text: () => text,
    stop: () => child.kill('SIGTERM'),
    code: async (): Promise<number | null> => (await ended)[0],
    async says(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const found = pattern.exec(text);
        if (found) return found;
        if (child.exitCode !== null) throw new Error(`it ended and said: ${text}`);
        await Promise.race([once(child, 'said'), ended]);
      }
    },
  };
}
