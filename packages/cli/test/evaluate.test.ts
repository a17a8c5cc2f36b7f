import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { espalierHere, espalierJson, espalierJsonHere, RESNET20, temporaryFolder } from './espalier.ts';

it('evaluate --json holds the contract', async () => {
  const result = await espalierJson(['evaluate', RESNET20, '--dataset', 'cifar10', '--limit', '500']);
  expect(result).toMatchObject({ n: 500, split: 'test', seconds: expect.any(Number) });
  expect(result.top1).toBeGreaterThan(0.87);
  expect(result.top5).toBeGreaterThan(0.98);
  expect(result.loss).toBeLessThan(0.6);
  expect(result.provenance).toMatchObject({
    network: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    dataset: { name: 'cifar10', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
});

it('the shipped network has the accuracy that it was trained to, on all of the test split', async () => {
  const result = await espalierJsonHere(['evaluate', RESNET20, '--dataset', 'cifar10']);
  expect(result).toMatchObject({ n: 10_000, top1: 0.9018 });
});

it('evaluate takes the split that is asked for', async () => {
  const args = ['evaluate', RESNET20, '--dataset', 'cifar10', '--limit', '200', '--split', 'search'];
  expect(await espalierJsonHere(args)).toMatchObject({ n: 200, split: 'search' });
});

it('evaluate warns of a guessed preprocessing, and takes the one that is given', async () => {
  const folder = await temporaryFolder();
  const bare = path.join(folder, 'bare.onnx');
  await copyFile(RESNET20, bare);
  const args = ['evaluate', bare, '--dataset', 'cifar10', '--limit', '100'];
  const guessed = await espalierHere(args);
  expect(guessed.code).toBe(0);
  expect(guessed.stderr).toMatch(/^warning: the model does not say how pixels become its input; .*\n$/);
  const given = await espalierHere([...args, '--preprocessing', `${RESNET20}.json`]);
  expect(given).toMatchObject({ code: 0, stderr: '' });
  // The usual values for CIFAR-10 are those that the network was trained with.
  const scores = (text: string) => text.match(/(top-[15]|loss) .*/g);
  expect(scores(given.stdout)).toEqual(scores(guessed.stdout));
});

it('converts grey images for a network of colours', async () => {
  const { code, stdout, stderr } = await espalierHere([
    ...['evaluate', RESNET20, '--dataset', 'mnist', '--limit', '20', '--json'],
  ]);
  expect([code, JSON.parse(stdout).n]).toEqual([0, 20]);
  expect(stderr).toContain('the classes of the model and of mnist have different names');
});
