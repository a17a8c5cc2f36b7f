import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readNetwork } from '@espalier/formats';
import { networkHash } from '@espalier/network';
import { expect, it } from 'vitest';
import { cifarPictures } from '../../../packages/cli/test/cifar-pictures.ts';
import { commandHere } from './command.ts';
import { type Member, RESNET20, startPlatform } from './platform.ts';

it('from an uploaded network to a pruned one that runs elsewhere', async () => {
  const { member, address } = await startPlatform({ worker: true });
  const editor = await member('editor');
  const modelId = await registered(editor);
  const { data } = await editor.ask(
    'mutation { registerDataset(input: { name: "cifar10" }) { ok dataset { id splits { name images } } } }',
  );
  expect(data.registerDataset.dataset.splits).toContainEqual({ name: 'SEARCH', images: 5000 });
  // Some pictures of it: enough to see that the shipped network knows them, and what it loses and gets back.
  const espalier = commandHere(tmpdir(), { ESPALIER_ADDRESS: address, ESPALIER_KEY: editor.key });
  const pushed = await espalier('push', '--dataset', await cifarPictures(), '--name', 'pictures', '--json');
  expect(pushed.code, pushed.stderr).toBe(0);
  const dataset = JSON.parse(pushed.stdout);
  const made = await editor.ask(
    'mutation ($input: CreateExperimentInput!) { createExperiment(input: $input) { ok errors { message } experiment { id model { name macs } } } }',
    { input: { modelId, datasetId: dataset.id, name: 'first', samples: 50, grid: '0.3,0.6' } },
  );
  const { experiment } = made.data.createExperiment;
  expect(experiment.model).toEqual({ name: 'resnet20', macs: 40_813_184 });
  const started = await editor.ask(
    `mutation { startRuns(input: { experimentId: "${experiment.id}", strategies: [{ allocation: "cie" }], targets: [{ share: 0.4 }] }) { ok errors { message } runs { id state } } }`,
  );
  const [run] = started.data.startRuns.runs;
  expect(run.state).toBe('SAMPLING');
  await until(async () => {
    const { data: seen } = await editor.ask(`{ run(id: "${run.id}") { state } }`);
    return ['FINISHED', 'FAILED'].includes(seen.run.state);
  });
  const { data: seen } = await editor.ask(`{
    run(id: "${run.id}") {
      state error
      result { params macs savedMacs top1 prunedTop1 repairedTop1 repair { images seed layers { layer before after } left { layer reason } } networkHash downloadUrl latencyMs }
      sampling { baselineTop1 matrix { groups grid contribution importance } }
      events { seq kind }
    }
    runs(filter: { experiment: { in: ["${experiment.id}"] }, state: { in: [FINISHED] } }) { totalCount nodes { id experiment { name } result { top1 } } }
    engines { engine workers }
  }`);
  expect(seen.run).toMatchObject({ state: 'FINISHED', error: null });
  expect(seen.run.result.savedMacs).toBeGreaterThanOrEqual(0.4);
  const { top1, prunedTop1, repairedTop1, repair } = seen.run.result;
  expect(top1).toBe(repairedTop1);
  expect(repairedTop1).toBeGreaterThan(prunedTop1);
  expect(repair).toMatchObject({ images: 540, seed: 0 });
  for (const { reason } of repair.left) expect(reason).toMatch(/^new weights are no better/);
  expect(repair.layers.length).toBeGreaterThan(0);
  for (const { before, after } of repair.layers) expect(after).toBeLessThan(before);
  const { matrix, baselineTop1 } = seen.run.sampling;
  expect(baselineTop1).toBeGreaterThan(0.8);
  expect(matrix.groups).toHaveLength(12);
  expect(matrix.contribution).toHaveLength(12);
  for (const share of matrix.importance) expect(share).toBeGreaterThanOrEqual(0.1 / 12 - 1e-12);
  for (const column of [0, 1]) {
    const shares = matrix.contribution.map((row: number[]) => row[column]);
    expect(shares.reduce((sum: number, share: number) => sum + share, 0)).toBeCloseTo(1, 6);
  }
  expect(seen.run.events.map(({ seq }: { seq: number }) => seq)).toEqual(
    seen.run.events.map((_: unknown, i: number) => i + 1),
  );
  expect(seen.runs).toMatchObject({ totalCount: 1, nodes: [{ id: run.id, experiment: { name: 'first' } }] });
  expect(seen.engines).toEqual([{ engine: 'ONNXRUNTIME', workers: 1 }]);
  const file = path.join(tmpdir(), `espalier-${process.pid}-pruned.onnx`);
  const response = await editor.fetch(seen.run.result.downloadUrl);
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
  expect(networkHash((await readNetwork(file)).network)).toBe(seen.run.result.networkHash);
  // Another team sees nothing of it, and cannot fetch it.
  const stranger = await member('admin');
  expect((await stranger.fetch(seen.run.result.downloadUrl)).status).toBe(404);
});

it('files have ranges and tags, and uploads a limit', async () => {
  const { member } = await startPlatform({ uploadLimit: 2_000_000 });
  const editor = await member('editor');
  const bytes = await readFile(RESNET20);
  const url = await uploadUrl(editor);
  const put = await editor.fetch(url, { method: 'PUT', body: bytes });
  expect(put.status).toBe(200);
  const { sha256 } = (await put.json()) as { sha256: string };
  expect((await editor.fetch(url, { method: 'PUT', body: bytes })).status).toBe(404);
  const whole = await editor.fetch(`/files/${sha256}`);
  expect(whole.headers.get('etag')).toBe(`"${sha256}"`);
  expect(Buffer.compare(Buffer.from(await whole.arrayBuffer()), bytes)).toBe(0);
  const part = await editor.fetch(`/files/${sha256}`, { headers: { range: 'bytes=10-19' } });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes 10-19/${bytes.length}`);
  expect(Buffer.compare(Buffer.from(await part.arrayBuffer()), bytes.subarray(10, 20))).toBe(0);
  const none = await editor.fetch(`/files/${sha256}`, { headers: { range: `bytes=${bytes.length}-` } });
  expect(none.status).toBe(416);
  const known = await editor.fetch(`/files/${sha256}`, { headers: { 'if-none-match': `"${sha256}"` } });
  expect(known.status).toBe(304);
  const { data: said } = await editor.ask('{ uploadLimit }');
  expect(said.uploadLimit).toBe(2_000_000);
  const { data: asked } = await editor.ask(
    'mutation { createUpload(input: { fileName: "net.onnx", bytes: 3500000 }) { ok errors { message path } } }',
  );
  expect(asked.createUpload).toMatchObject({
    ok: false,
    errors: [
      { message: expect.stringMatching(/^a file may have 2\.0 MB at most, and this one has 3\.5 MB/) },
    ],
  });
  const tooMuch = await editor.fetch(await uploadUrl(editor), {
    method: 'PUT',
    body: Buffer.alloc(2_000_001),
  });
  expect(tooMuch.status).toBe(413);
  expect((await editor.fetch('/files/nonsense')).status).toBe(404);
  expect((await editor.fetch(`/files/${'0'.repeat(64)}`)).status).toBe(404);
});

it('bad input is told in the payload, with the fields that it is about', async () => {
  const { member } = await startPlatform();
  const editor = await member('editor');
  const error = async (mutation: string, name: string) =>
    (await editor.ask(`mutation { ${mutation} }`)).data[name].errors;
  const fields = '{ ok errors { message path } }';
  expect(await error(`createProject(input: { name: " " }) ${fields}`, 'createProject')).toEqual([
    { message: 'give it a name', path: ['name'] },
  ]);
  expect(await error(`createProject(input: { name: "Birds" }) ${fields}`, 'createProject')).toEqual([]);
  expect(await error(`createProject(input: { name: "birds" }) ${fields}`, 'createProject')).toEqual([
    { message: 'this name is taken: choose another one, or rename what has it', path: ['name'] },
  ]);
  const url = await uploadUrl(editor);
  await editor.fetch(url, { method: 'PUT', body: 'not a network' });
  const { data } = await editor.ask('{ projects { nodes { id } } }');
  const upload = url.split('/').at(-1);
  const refused = await error(
    `registerModel(input: { projectId: "${data.projects.nodes[0].id}", uploadId: "${upload}", name: "x" }) ${fields}`,
    'registerModel',
  );
  expect(refused[0].message).toMatch(/^net\.onnx: /);
  const { errors } = await editor.ask('{ projects(first: 101) { nodes { id } } }');
  expect(errors[0]).toMatchObject({
    message: 'first is from 1 to 100, not 101',
    extensions: { code: 'BAD_USER_INPUT' },
  });
});

it('pages run through everything once, newest first', async () => {
  const { member } = await startPlatform();
  const editor = await member('editor');
  for (let i = 0; i < 7; i++) await editor.ask(`mutation { createProject(input: { name: "p${i}" }) { ok } }`);
  const names: string[] = [];
  let after: string | null = null;
  do {
    const { data } = await editor.ask(
      'query ($after: String) { projects(first: 3, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } totalCount } }',
      { after },
    );
    const { nodes, pageInfo, totalCount } = data.projects;
    expect(totalCount).toBe(7);
    names.push(...nodes.map(({ name }: { name: string }) => name));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  expect(names).toEqual(['p6', 'p5', 'p4', 'p3', 'p2', 'p1', 'p0']);
});

it('asks that are too deep, too long or no JSON are refused', async () => {
  const { member, address } = await startPlatform();
  const viewer = await member('viewer');
  const refusal = async (query: string): Promise<string> =>
    (await viewer.ask(query)).errors?.[0]?.message ?? 'it was answered';
  // Only the schema's own types nest without end.
  const nested = (depth: number) =>
    `{ __type(name: "Run") ${'{ ofType '.repeat(depth - 2)}{ name }${' }'.repeat(depth - 2)} }`;
  expect(await viewer.ask(nested(10))).toEqual({ data: { __type: { ofType: null } } });
  expect(await refusal(nested(11))).toMatch(/Query depth limit of 10 exceeded, found 11/);
  const many = (n: number) =>
    `{ ${Array.from({ length: n }, (_, i) => `a${i}: viewer { role }`).join(' ')} }`;
  expect((await viewer.ask(many(20))).data.a19).toEqual({ role: 'VIEWER' });
  expect(await refusal(many(21))).toMatch(/Aliases limit of 20 exceeded, found 21/);
  const long = `{ viewer { ${'role '.repeat(3000)} } }`;
  expect(await refusal(long)).toMatch(/more that 3000 tokens/);
  const simple = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: '{"query":"{ viewer { role } }"}',
  });
  expect(simple.status).toBe(400);
  expect((await (await fetch(`${address}/health`)).json()) as object).toEqual({ ok: true });
  const ready = { ok: true, database: true, schema: true, artifacts: true };
  expect((await (await fetch(`${address}/ready`)).json()) as object).toEqual(ready);
});

async function uploadUrl(member: Member): Promise<string> {
  const { data } = await member.ask(
    'mutation { createUpload(input: { fileName: "net.onnx" }) { upload { url } } }',
  );
  return data.createUpload.upload.url;
}

async function registered(member: Member): Promise<string> {
  const project = await member.ask('mutation { createProject(input: { name: "Demo" }) { project { id } } }');
  const url = await uploadUrl(member);
  await member.fetch(url, { method: 'PUT', body: await readFile(RESNET20) });
  const { data } = await member.ask(
    'mutation ($projectId: ID!, $uploadId: ID!) { registerModel(input: { projectId: $projectId, uploadId: $uploadId, name: "resnet20" }) { ok errors { message } model { id } } }',
    { projectId: project.data.createProject.project.id, uploadId: url.split('/').at(-1) },
  );
  expect(data.registerModel.errors).toEqual([]);
  return data.registerModel.model.id;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(200);
}
