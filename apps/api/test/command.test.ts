import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import { networkCost } from '@espalier/network';
import { expect, it, onTestFinished } from 'vitest';
import { cifarPictures } from '../../../packages/cli/test/cifar-pictures.ts';
import { commandIn } from './command.ts';
import { RESNET20, startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';

/** A dozen commands, each a separate process, on a machine that may be busy. */
const PATIENCE_MS = 900_000;

it(
  'the command is a client: from a push to a downloaded network',
  async () => {
    const { address, member } = await startPlatform({ worker: true });
    const { key } = await member('editor');
    const folder = await mkdtemp(path.join(tmpdir(), 'espalier-command-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const espalier = commandIn(folder);

    expect(await espalier('runs', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/not logged in/),
    });
    expect(await espalier('login', address, '--key', 'esp_wrong')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/API key/),
    });
    expect((await espalier('login', address, '--key', key)).stdout).toBe(
      `logged in at ${address} as editor\n`,
    );
    const model = JSON.parse((await espalier('push', RESNET20, '--project', 'Birds', '--json')).stdout);
    expect(model).toMatchObject({ name: 'resnet20-cifar10', macs: 40_813_184 });
    const pictures = await espalier('push', '--dataset', await cifarPictures(), '--json');
    expect(JSON.parse(pictures.stdout)).toMatchObject({ name: 'cifar-pictures' });
    const create = ['experiments', 'create', '--model', model.id, '--dataset', 'cifar-pictures'];
    const refused = [...create, '--name', 'none', '--target', 'macs=0.4', '--samples', '50'];
    // In the words of espalier prune, by the flag.
    expect(await espalier(...refused, '--align', '64')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--align: nothing can be removed from this network; widths in multiples/),
    });
    expect(await espalier(...refused, '--keep', 'nowhere')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--keep: there is no prunable group "nowhere"/),
    });
    const made = JSON.parse(
      (
        await espalier(
          ...[
            'experiments',
            'create',
            '--model',
            model.id,
            '--dataset',
            'cifar-pictures',
            '--name',
            'first',
            '--json',
          ],
          ...['--strategy', 'uniform:l1', '--strategy', 'cie:l1', '--target', 'macs=0.4'],
          ...['--samples', '50', '--grid', '0.3,0.6'],
        )
      ).stdout,
    );
    expect(made.runs).toHaveLength(2);
    const watched = await espalier('experiments', 'watch', made.id);
    expect(watched.code).toBe(0);
    // Every state, as it was told.
    for (const state of ['searching', 'cutting', 'evaluating', 'exporting', 'finished']) {
      expect(watched.stderr).toContain(`cie · l1 · 40 % MACs · seed 0: ${state}`);
    }
    expect(watched.stdout).toMatch(/cie · l1 .*finished/);
    const again = JSON.parse((await espalier('experiments', 'watch', made.id, '--json')).stdout);
    expect(again.runs.map(({ state }: { state: string }) => state)).toEqual(['finished', 'finished']);
    expect((await espalier('models', 'list')).stdout).toContain('resnet20-cifar10');
    expect((await espalier('experiments', 'list')).stdout).toContain('first');
    const out = path.join(folder, 'pruned.onnx');
    const written = JSON.parse(
      (await espalier('runs', 'download', made.runs[1], '--out', out, '--json')).stdout,
    );
    expect(written.sha256).toBe(
      createHash('sha256')
        .update(await readFile(out))
        .digest('hex'),
    );
    const shown = JSON.parse((await espalier('runs', 'show', made.runs[1], '--json')).stdout);
    expect(networkCost((await readNetwork(out)).network).macs).toBe(shown.result.macs);
    expect(await espalier('runs', 'show', 'run_none')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/there is no run run_none/),
    });
    expect(await espalier('runs', 'cancel', made.runs[1])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/already ended/),
    });
    expect(await espalier('runs', 'retry', made.runs[1])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: /),
    });
    await espalier('logout');
    expect(await espalier('runs', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/not logged in/),
    });
  },
  PATIENCE_MS,
);

it('published results are listed without a platform, and with one the team writes its own beside them', async () => {
  const platform = await startPlatform();
  const editor = await platform.member('editor');
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const espalier = commandIn(folder);
  const chosen = ['published', 'list', '--architecture', 'resnet56', '--dataset', 'cifar10'];
  const alone = await espalier(...chosen);
  expect(alone.stdout).toMatch(/CHIP .* 93\.26 % .* 94\.16 % .*\+0\.90 pt .*−47\.4 %/);
  const shipped = JSON.parse((await espalier(...chosen, '--json')).stdout);
  expect(shipped).toHaveLength(12);

  await espalier('login', platform.address, '--key', editor.key);
  const fields = [
    '--architecture',
    'ResNet-56',
    '--dataset',
    'CIFAR-10',
    '--method',
    'Ours',
    '--top1',
    '0.9',
  ];
  expect(await espalier('published', 'add', ...fields, '--title', 'T', '--saved-macs', '0.5')).toMatchObject({
    code: 1,
    stderr: 'error: url: give a reference: an address, a DOI or a venue\n',
  });
  const source = ['--title', 'T', '--saved-macs', '0.5', '--venue', 'V', '--unit', 'two-per-mac'];
  const added = JSON.parse((await espalier('published', 'add', ...fields, ...source, '--json')).stdout);
  expect(added).toMatchObject({ shipped: false, unit: 'twoPerMac', savedMacs: 0.5, savedParams: null });
  const both = JSON.parse((await espalier(...chosen, '--json')).stdout);
  const byId = (results: { id: string }[]) => results.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(byId(both)).toEqual(byId([...shipped, added]));
  expect((await espalier('published', 'remove', added.id)).stdout).toBe(`${added.id} is in the trash\n`);
  expect(JSON.parse((await espalier(...chosen, '--json')).stdout)).toHaveLength(12);
});

it('tells the largest factor of each model at each budget', async () => {
  const platform = await startPlatform();
  const viewer = await platform.member('viewer');
  const filled = await fillTeam(platform.prisma, viewer.teamId, { runs: 80 });
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const espalier = commandIn(folder, { ESPALIER_ADDRESS: platform.address, ESPALIER_KEY: viewer.key });
  const one = ['compression', '--budget', '0.9', '--budget', '0', '--dataset', filled.datasetIds[0] ?? ''];
  const { rows } = JSON.parse((await espalier(...one, '--json')).stdout);
  const [row] = rows;
  expect(row).toMatchObject({ model: { name: 'Net 0' }, dataset: { name: 'Data 0' }, recipe: null });
  const { stdout } = await espalier(...one);
  expect(stdout).toMatch(/model .*≤ 90 pt +≤ 0 pt/);
  expect(stdout).toContain(`${row.best[0].ratio.macs.toFixed(2)}x`);
  // The default budgets are the platform's.
  const plain = JSON.parse((await espalier('compression', '--metric', 'latency', '--json')).stdout);
  expect(plain).toMatchObject({ budgets: [0.005, 0.01, 0.02, 0.05], metric: 'latency' });
  expect(await espalier('compression', '--budget', '5')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/not per cent/),
  });
});

it('says when no platform answers', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { code, stderr } = await commandIn(folder)('login', 'http://127.0.0.1:9', '--key', 'esp_x');
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no platform answers at/),
  });
});

it(
  'a run that is cancelled ends its watching with exit code 1, and can be retried',
  async () => {
    const platform = await startPlatform();
    const editor = await platform.member('editor');
    const folder = await mkdtemp(path.join(tmpdir(), 'espalier-command-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const espalier = commandIn(folder);
    await espalier('login', platform.address, '--key', editor.key);
    const { id } = JSON.parse((await espalier('push', RESNET20, '--project', 'P', '--json')).stdout);
    const made = JSON.parse(
      (
        await espalier(
          ...['experiments', 'create', '--model', id, '--dataset', 'cifar10', '--name', 'e', '--json'],
          ...['--strategy', 'uniform:l1', '--target', 'macs=0.4'],
        )
      ).stdout,
    );
    const [run] = made.runs;
    // Nobody computes here: the run waits until it is cancelled.
    const watching = espalier('runs', 'watch', run);
    const cancelled = await espalier('runs', 'cancel', run, '--json');
    expect(JSON.parse(cancelled.stdout)).toEqual({ id: run, state: 'cancelled' });
    const watched = await watching;
    expect(watched).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/uniform · l1 .*cancelled/),
      stderr: expect.stringMatching(/error: 1 of 1 run did not finish/),
    });
    expect(await espalier('runs', 'retry', run)).toMatchObject({
      code: 0,
      stdout: `${run} is in the queue again\n`,
    });
    expect(JSON.parse((await espalier('runs', 'show', run, '--json')).stdout).state).toBe('queued');
    expect(await espalier('experiments', 'watch', 'exp_none')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/there is no experiment exp_none/),
    });
  },
  PATIENCE_MS,
);

it('says when what answers is no platform', async () => {
  const server = createServer((_request, response) => response.end('<html>hello</html>')).listen(
    0,
    '127.0.0.1',
  );
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  expect(await commandIn(folder)('login', `http://127.0.0.1:${port}`, '--key', 'esp_x')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/is not Espalier/),
  });
});
