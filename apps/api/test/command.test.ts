import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readNetwork } from '@espalier/formats';
import { networkCost } from '@espalier/network';
import { expect, it, onTestFinished } from 'vitest';
import { commandIn } from './command.ts';
import { RESNET20, startPlatform } from './platform.ts';

it('the command is a client: from a push to a downloaded network', async () => {
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
  expect((await espalier('login', address, '--key', key)).stdout).toBe(`logged in at ${address} as editor\n`);
  const model = JSON.parse((await espalier('push', RESNET20, '--project', 'Birds', '--json')).stdout);
  expect(model).toMatchObject({ name: 'resnet20-cifar10', macs: 40_813_184 });
  const made = JSON.parse(
    (
      await espalier(
        ...[
          'experiments',
          'create',
          '--model',
          model.id,
          '--dataset',
          'cifar10',
          '--name',
          'first',
          '--json',
        ],
        ...['--strategy', 'uniform:l1', '--strategy', 'cie:l1', '--target', 'macs=0.4'],
        ...['--samples', '100', '--grid', '0.3,0.6'],
      )
    ).stdout,
  );
  expect(made.runs).toHaveLength(2);
  const watched = await espalier('experiments', 'watch', made.id);
  expect(watched.stderr).toMatch(/cie l1, macs=0.4, seed 0: finished/);
  expect(watched.stdout).toMatch(/cie l1 .*finished/);
  expect((await espalier('experiments', 'list')).stdout).toContain('first');
  const out = path.join(folder, 'pruned.onnx');
  await espalier('runs', 'download', made.runs[1], '--out', out);
  const shown = JSON.parse((await espalier('runs', 'show', made.runs[1], '--json')).stdout);
  expect(networkCost((await readNetwork(out)).network).macs).toBe(shown.result.macs);
  expect(await espalier('runs', 'show', 'run_none')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/there is no run run_none/),
  });
  expect(await espalier('runs', 'cancel', made.runs[1])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/over already/),
  });
  await espalier('logout');
  expect(await espalier('runs', 'list')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/not logged in/),
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
