import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it, onTestFinished } from 'vitest';
import { createApiKey } from '../src/people/api-keys.ts';
import { commandHere } from './command.ts';
import { makeRuns } from './hand-made.ts';
import { client, startPlatform } from './platform.ts';

it('groups and fronts come as files and on the command line, with the rights of the queries', async () => {
  const { member, prisma, address } = await startPlatform();
  const viewer = await member('admin');
  const { teamId, userId } = viewer;
  const { id } = await makeRuns(prisma, teamId, [
    { id: 'run_a', macs: 2000, top1: 0.88 },
    { id: 'run_b', macs: 1000, top1: 0.86, seed: 1 },
    { id: 'run_c', macs: 1000, top1: 0.86, seed: 2, network: 'run_b' },
    { id: 'run_e', model: 'large', macs: 16_000, top1: 0.7 },
  ]);
  await prisma.model.update({ where: { id: id('model_large') }, data: { name: '=cmd()' } });
  const csv = async (where: string) => {
    const response = await viewer.fetch(`/files/export/${where}`);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    return parse(await response.text(), { columns: true }) as Record<string, string>[];
  };
  const groups = await csv('summary.csv?by=model');
  // What a spreadsheet would compute is text.
  expect(groups.map(({ model }) => model)).toEqual(["'=cmd()", 'small']);
  const [, small] = groups;
  expect(small).toMatchObject({ runs: '3', networks: '2', grounds: '1', strategy: '', share: '' });
  expect(small).toMatchObject({
    ratioMacsN: '2',
    ratioMacsMean: '3',
    ratioMacsBest: '4',
    ratioMacsBestRunId: id('run_b'),
  });
  expect(Number(small?.dropMean)).toBeCloseTo(0.03, 9);
  const lines = (await (await viewer.fetch('/files/export/summary.ndjson')).text()).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { runs: 4, networks: 3, grounds: 2, top1Mean: null, ratioMacsBest: 5, ratioLatencyMean: null },
  ]);
  const front = await csv('front.csv?columns=id,ratioMacs,drop');
  expect(front.map((row) => [row.id, row.ratioMacs])).toEqual([
    [id('run_e'), '5'],
    [id('run_b'), '4'],
    [id('run_a'), '2'],
  ]);
  const answer = async (where: string) => {
    const response = await viewer.fetch(`/files/export/${where}`);
    return [response.status, ((await response.json()) as { error: string }).error];
  };
  expect(await answer('summary.csv?by=colour')).toEqual([
    400,
    'by is of model, dataset, strategy, target, project, not "colour"',
  ]);
  expect(await answer('front.csv?cost=joules')).toEqual([
    400,
    'cost is of params, macs, bytes, latency, throughput, predicted, not "joules"',
  ]);
  expect(await answer('front.csv?order={}')).toEqual([
    400,
    'there is no parameter order; known are filter, cost, qualityMetric and columns',
  ]);

  // A key for one project sees its groups and points alone.
  const limits = { name: 'small', role: 'viewer', projectIds: [id('proj_small')] } as const;
  const { key } = await createApiKey(prisma, { teamId, userId }, limits);
  const limited = client(address, key);
  for (const where of ['summary.csv?by=model', 'front.csv?columns=id,model']) {
    const text = await (await limited.fetch(`/files/export/${where}`)).text();
    expect(text, where).toContain('small');
    expect(text, where).not.toContain('cmd()');
  }
  expect((await fetch(`${address}/files/export/summary.csv`)).status).toBe(401);

  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const espalier = commandHere(folder, { ESPALIER_ADDRESS: address, ESPALIER_KEY: viewer.key });
  expect((await espalier('summary', '--by', 'model')).stdout).toMatch(/small +2 +1 +−3\.00 pt/);
  expect((await espalier('front')).stdout).toMatch(/small +4\.00x +−4\.00 pt/);
  expect((await espalier('front', '--csv')).stdout).toMatch(/^id,name,/);
  const listed = await espalier('runs', 'list', '--order', 'ratio.macs', '--max-drop', '0.05', '--json');
  expect(JSON.parse(listed.stdout).map((run: { id: string }) => run.id)).toEqual([
    ...[id('run_c'), id('run_b'), id('run_a')],
  ]);
  const ascending = await espalier('runs', 'list', '--order', '-ratio.macs', '--csv');
  expect(ascending.stdout.split('\n')[1]).toMatch(new RegExp(`^${id('run_a')},`));
  expect(await espalier('summary', '--by', 'colour')).toMatchObject({ code: 2 });
});
