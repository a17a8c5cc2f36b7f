import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseRecipe } from '@espalier/engines';
import { decodeOnnx } from '@espalier/formats';
import { networkHash } from '@espalier/network';
import { expect, it } from 'vitest';
import { pictureFolder } from './bad-input.ts';
import { CIFAR_PICTURES, cifarPictures } from './cifar-pictures.ts';
import { espalier, espalierHere, espalierJson, filesIn, RESNET20, temporaryFolder } from './espalier.ts';

const QUICK = ['--dataset', await cifarPictures(), '--steps', '6', '--batch', '32', '--threads', '2'];

it('finetune --json holds the contract, and writes what it tested', async () => {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'tuned.onnx');
  const result = await espalierJson(['finetune', RESNET20, ...QUICK, '--lr', '0.001', '--out', out]);
  expect(result.before).toMatchObject({ macs: 40_813_184, n: CIFAR_PICTURES });
  expect(result.before.top1).toBeGreaterThan(0.85);
  expect(result.after).toMatchObject({ macs: 40_813_184, n: CIFAR_PICTURES });
  expect(result.epochs).toEqual([
    {
      ...{ epoch: expect.any(Number), loss: expect.any(Number), top1: expect.any(Number) },
      ...{
        seconds: expect.any(Number),
        imagesPerSecond: expect.any(Number),
        learningRate: expect.any(Number),
      },
    },
  ]);
  expect(result).toMatchObject({ steps: 6, recipe: { batch: 32, learningRate: 0.001 }, teacher: null });
  expect(result.recipeHash).toMatch(/^[0-9a-f]{64}$/);
  const written = await espalierJson(['evaluate', out, '--dataset', await cifarPictures()]);
  expect(written).toMatchObject({ top1: result.after.top1, n: CIFAR_PICTURES });
  expect(await filesIn(folder)).toEqual(['tuned.onnx']);
});

it('goes by the recipe in a file, and by a flag before that', async () => {
  const folder = await temporaryFolder();
  const recipe = path.join(folder, 'recipe.json');
  await writeFile(recipe, JSON.stringify({ steps: 3, batch: 16, learningRate: 0.002 }));
  const files = ['--recipe', recipe, '--out', path.join(folder, 'tuned.onnx')];
  const args = ['--dataset', await cifarPictures(), '--threads', '2', ...files];
  const tuned = await espalierJson(['finetune', RESNET20, ...args, '--lr', '0.001']);
  expect(tuned).toMatchObject({ steps: 3, recipe: { batch: 16, learningRate: 0.001 } });
  const fresh = await espalierJson(['train', '--like', RESNET20, ...args]);
  expect(fresh).toMatchObject({ steps: 3, recipe: { batch: 16, learningRate: 0.002 } });
});

it('a killed fine-tuning goes on and writes the same file', async () => {
  const folder = await temporaryFolder();
  const env = { ESPALIER_HOME: path.join(folder, 'home') };
  const pictures = await pictureFolder(folder, 10, 40);
  const args = (name: string) => [
    ...['finetune', RESNET20, '--dataset', pictures, '--steps', '40', '--batch', '16', '--lr', '0.001'],
    ...['--threads', '1', '--checkpoint-every', '5', '--out', path.join(folder, name)],
  ];
  const whole = await espalierJson(args('whole.onnx'), { env });
  const killed = await espalier(args('again.onnx'), {
    env,
    onStart: (child) => void killAtCheckpoint(child, path.join(env.ESPALIER_HOME, 'training')),
  });
  expect(killed.code).toBe(null);
  const resumed = await espalier([...args('again.onnx'), '--json'], { env });
  expect(resumed.stderr).toMatch(/continues from a checkpoint, step \d+ of 40/);
  const again = JSON.parse(resumed.stdout);
  expect(again.after).toEqual(whole.after);
  expect(again.epochs.map(({ loss }: { loss: number }) => loss)).toEqual(
    whole.epochs.map(({ loss }: { loss: number }) => loss),
  );
  expect(await networkHashOf(path.join(folder, 'again.onnx'))).toBe(
    await networkHashOf(path.join(folder, 'whole.onnx')),
  );
});

/** kill -9 as soon as there is something to go on from. */
async function killAtCheckpoint(child: ChildProcess, folder: string): Promise<void> {
  while (child.exitCode === null) {
    const files = await readdir(folder).catch(() => []);
    if (files.some((file) => file.endsWith('.checkpoint'))) break;
    await setTimeout(20);
  }
  child.kill('SIGKILL');
}

async function networkHashOf(file: string): Promise<string> {
  return networkHash((await decodeOnnx(await readFile(file), { name: file })).network);
}

it('learns from a teacher, and trains the structure of a model from random weights', async () => {
  const folder = await temporaryFolder();
  const small = path.join(folder, 'small.onnx');
  await espalierJson(['prune', RESNET20, '--allocation', 'uniform', '--target', 'macs=0.8', '--out', small]);
  const tuned = path.join(folder, 'tuned.onnx');
  const taught = await espalierJson(['finetune', small, ...QUICK, '--distill', RESNET20, '--out', tuned]);
  expect(taught.teacher).toMatchObject({ name: 'resnet20-cifar10' });
  expect(taught.recipe.distillation).toEqual({ temperature: 4, weight: 0.5 });
  const fresh = path.join(folder, 'fresh.onnx');
  const like = await espalierJson(['train', '--like', small, ...QUICK, '--out', fresh]);
  expect(like.before).toBe(null);
  expect(like.after).toMatchObject({ params: taught.after.params, macs: taught.after.macs });
  expect(like.after.top1).toBeLessThan(0.4);
});

it('takes a recipe by its name, and says that nothing teaches it', async () => {
  const folder = await temporaryFolder();
  const [home, out] = [path.join(folder, 'home'), path.join(folder, 'tuned.onnx')];
  const args = ['finetune', RESNET20, ...QUICK, '--recipe', 'quick', '--out', out, '--json'];
  const { code, stdout, stderr } = await espalierHere(args, { env: { ESPALIER_HOME: home } });
  expect({ code }).toEqual({ code: 0 });
  const { distillation: _, ...values } = parseRecipe('quick');
  const { recipe, teacher } = JSON.parse(stdout);
  expect({ recipe, teacher }).toEqual({ recipe: { ...values, steps: 6, batch: 32 }, teacher: null });
  expect(stderr).toMatch(/recipe quick also learns from the unpruned network: skipped/);
  // Six steps do a trained network no good.
  expect(stderr).toMatch(/fine-tuning was not worth its time: .*; the file that was given has the network/);
});

it('trains an architecture', async () => {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'net.onnx');
  const { code, stdout } = await espalier([
    'train',
    'mobilenetv2',
    '--dataset',
    await cifarPictures(),
    '--steps',
    '2',
    '--batch',
    '8',
    '--out',
    out,
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/trained on .*cifar-pictures from random weights/);
  expect(await espalierJson(['inspect', out])).toMatchObject({ params: 2_236_682 });
});

it('prune --finetune trains what it cut, and says that so few steps do not pay after a repair', async () => {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'half.onnx');
  const { code, stdout, stderr } = await espalier([
    ...['prune', RESNET20, '--allocation', 'uniform', '--target', 'macs=0.3', '--json'],
    ...['--dataset', await cifarPictures(), '--finetune', 'steps=30,batch=64,lr=0.01', '--out', out],
  ]);
  expect(code).toBe(0);
  expect(stderr).toMatch(/30 steps of training after a repair: fewer than 300 rarely gain anything/);
  const result = JSON.parse(stdout);
  expect(result.batchNorm).toBe('trained');
  expect(result.repaired.top1).toBeGreaterThan(result.pruned.top1);
  expect(result.finetuning).toMatchObject({ steps: 30, recipe: { batch: 64, learningRate: 0.01 } });
  expect(result.after.top1).toBeGreaterThan(result.pruned.top1 + 0.2);
  const written = await espalierJson(['evaluate', out, '--dataset', await cifarPictures()]);
  expect(written.top1).toBeGreaterThan(0.5);
});

it.each([
  [['--recipe', 'fast'], 1, /give quick, standard or long, or the fields of a recipe, not "fast"/],
  [['--recipe', 'none.json'], 1, /recipe none\.json cannot be read \(ENOENT\)/],
  [['--recipe', 'broken.json'], 1, /recipe broken\.json is not JSON/],
  [['--recipe', 'wrong.json'], 1, /recipe wrong\.json: .*learningRate.*speed/],
  [['--recipe', 'taught.json'], 2, /name the teacher with --distill/],
  [['--epochs', '0'], 2, /Give a number above 0/],
  [['--epochs', '1', '--steps', '3'], 2, /cannot be used with/],
  [['--lr', '1e20', '--steps', '5'], 1, /--lr: .*up to 1,000/],
])('finetune %j is refused', async (extra, code, message) => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'broken.json'), '{');
  await writeFile(path.join(folder, 'wrong.json'), '{"learningRate": -1, "speed": 3}');
  await writeFile(path.join(folder, 'taught.json'), '{"distillation": {}}');
  const before = await filesIn(folder);
  const pictures = await cifarPictures();
  const args = ['finetune', RESNET20, '--dataset', pictures, ...extra, '--out', 'out.onnx'];
  const result = await espalierHere(args, { cwd: folder });
  expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
  // On a busy machine lines may say how far it is.
  const said = result.stderr
    .trim()
    .split('\n')
    .filter((line) => !/^[^:]+: \d+ %/.test(line));
  expect(said).toHaveLength(1);
  expect(await filesIn(folder)).toEqual(before);
});

it.each([
  [['train', '--dataset', 'cifar10', '--out', 'x.onnx'], 2, /either an architecture or --like/],
  [['train', 'resnet9', '--dataset', 'cifar10', '--out', 'x.onnx'], 1, /there are resnet20, resnet56/],
])('%j is refused', async (args, code, message) => {
  const result = await espalierHere(args, { cwd: await temporaryFolder() });
  expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
});
