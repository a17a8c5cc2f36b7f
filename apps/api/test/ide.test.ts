import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildSchema, parse, validate } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { examples, PLACEHOLDERS } from '../../ide/src/examples.ts';
import { client, type Member, type Platform, startPlatform } from './platform.ts';
import { networkArtifact } from './rows.ts';

const at = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const IDE = at('../../ide');

// npm start and npm test have built it already.
beforeAll(async () => {
  if (existsSync(`${IDE}/dist/index.html`)) return;
  await promisify(execFile)(process.execPath, ['node_modules/vite/bin/vite.js', 'build'], { cwd: IDE });
});

it('the page and all that it loads come from us, under a policy that allows nothing else', async () => {
  const { address } = await startPlatform();
  const page = await fetch(`${address}/ide`);
  expect(page.status).toBe(200);
  const policy = new Map(
    (page.headers.get('content-security-policy') ?? '').split(';').map((part) => {
      const [name = '', ...sources] = part.trim().split(' ');
      return [name, sources];
    }),
  );
  expect(policy.get('default-src')).toEqual(["'none'"]);
  expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
  for (const name of ['script-src', 'worker-src', 'connect-src']) {
    expect(policy.get(name), name).toEqual(["'self'"]);
  }
  const html = await page.text();
  // No script and no style in the page itself: the policy would stop them.
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\son\w+=/);
  const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
  expect(addresses.length).toBeGreaterThan(2);
  for (const url of addresses) {
    expect(url).toMatch(/^\/ide\/assets\//);
    const asset = await fetch(`${address}${url}`);
    expect(asset.status, url).toBe(200);
    const elsewhere = /url\((?!data:|["']?\/ide\/|["']?#)[^)]*\)/;
    if (url.endsWith('.css')) expect(elsewhere.exec(await asset.text()), url).toBe(null);
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-security-policy')).toBe(page.headers.get('content-security-policy'));
    expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
  }
  expect((await fetch(`${address}/ide/assets/none.js`)).status).toBe(404);
  expect((await fetch(`${address}/ide/assets/..%2f..%2fpackage.json`)).status).toBe(403);
});

it('every answer carries the security headers', async () => {
  const { address, member } = await startPlatform();
  const viewer = await member('viewer');
  const answers = [
    await fetch(`${address}/health`),
    await fetch(`${address}/nothing-here`),
    await fetch(`${address}/files/${'0'.repeat(64)}`),
    await viewer.fetch('/graphql?query={__typename}', { headers: { 'apollo-require-preflight': 'yes' } }),
  ];
  for (const { headers, url } of answers) {
    expect(headers.get('content-security-policy'), url).toMatch(/^default-src 'none'/);
    expect(headers.get('x-content-type-options'), url).toBe('nosniff');
    expect(headers.get('x-frame-options'), url).toBe('DENY');
    expect(headers.get('referrer-policy'), url).toBe('no-referrer');
    expect(headers.get('x-powered-by'), url).toBe(null);
  }
});

it('every example fits the committed schema', async () => {
  const schema = buildSchema(await readFile(at('../schema.graphql'), 'utf8'));
  for (const { title, query } of examples) expect(validate(schema, parse(query)), title).toEqual([]);
});

it('every example runs', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const ids = await experimentWithRun(platform, editor);
  for (const { title, query, variables = {} } of examples) {
    const filled = JSON.parse(
      JSON.stringify(variables)
        .replaceAll(PLACEHOLDERS.experiment, ids.experimentId)
        .replaceAll(PLACEHOLDERS.run, ids.runId),
    );
    if (query.startsWith('subscription')) {
      await editor.ask(`mutation { cancelRuns(input: { ids: ["${ids.runId}"] }) { ok } }`);
      expect(await streamed(platform, editor.key, query, filled), title).toMatch(/"kind":"CREATED"/);
      continue;
    }
    const { data, errors } = await editor.ask(query, filled);
    expect(errors, title).toBeUndefined();
    for (const [field, value] of Object.entries(data)) expect(value, `${title}: ${field}`).not.toBe(null);
    if (data.startRuns) expect(data.startRuns, title).toMatchObject({ ok: true, errors: [] });
  }
});

function streamed({ address }: Platform, key: string, query: string, variables: object): Promise<string> {
  return client(address, key)
    .fetch('/graphql/stream', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query, variables }),
    })
    .then((response) => response.text());
}

async function experimentWithRun(
  platform: Platform,
  { teamId, ask }: Member,
): Promise<{ experimentId: string; runId: string }> {
  const { prisma } = platform;
  const sha256 = await networkArtifact(platform);
  await prisma.project.create({ data: { id: 'proj_i', teamId, name: 'p' } });
  await prisma.model.create({
    data: {
      ...{ id: 'model_i', teamId, projectId: 'proj_i', name: 'm', sha256, networkHash: 'h' },
      ...{ params: 1, macs: 1, summary: {} },
    },
  });
  await prisma.dataset.create({
    data: {
      ...{ id: 'data_i', teamId, name: 'd', builtIn: 'mnist', hash: 'h', classes: [...'0123456789'] },
      splits: { create: [{ name: 'search', images: 1000 }] },
    },
  });
  await prisma.experiment.create({
    data: {
      ...{ id: 'exp_i', teamId, projectId: 'proj_i', modelId: 'model_i', datasetId: 'data_i', name: 'e' },
      ...{ samples: 1, grid: [0.25, 0.75], seed: 0 },
    },
  });
  const { data } = await ask(
    'mutation { startRuns(input: { experimentId: "exp_i", strategies: [{}], targets: [{ share: 0.5 }] }) { runs { id } } }',
  );
  return { experimentId: 'exp_i', runId: data.startRuns.runs[0].id };
}
