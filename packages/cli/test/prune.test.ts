import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { CIFAR_PICTURES, cifarPictures } from './cifar-pictures.ts';
import {
  espalier,
  espalierHere,
  espalierJson,
  espalierJsonHere,
  filesIn,
  RESNET20,
  temporaryFolder,
} from './espalier.ts';

/** A sweep of the shipped network, which several tests start from. */
let swept: Buffer;

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-cli-'));
  const file = path.join(folder, 'sweep.json');
  const sampling = ['--dataset', 'cifar10', '--grid', '0.25,0.75', '--samples', '60'];
  await espalierJsonHere(['sweep', RESNET20, ...sampling, '--out', file]);
  swept = await readFile(file);
  await rm(folder, { recursive: true, force: true });
});

it('prune --json holds the contract without a data set', async () => {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'half.onnx');
  const result = await espalierJson([
    ...['prune', RESNET20, '--allocation', 'uniform', '--target', 'macs=0.5', '--out', out],
  ]);
  expect(result.requested).toEqual({ metric: 'macs', share: 0.5 });
  expect(result.achieved.macs).toBeGreaterThanOrEqual(0.5);
  expect(result.before).toMatchObject({
    ...{ params: 272_474, macs: 40_813_184 },
    ...{ top1: null, top5: null, loss: null },
  });
  expect(result.after).toEqual(result.pruned);
  expect(1 - result.after.macs / result.before.macs).toBeCloseTo(result.achieved.macs, 10);
  for (const { group, before, after, alone, kept } of result.structure) {
    expect(group).toEqual(expect.any(String));
    expect(kept).toHaveLength(after);
    expect(after).toBeLessThanOrEqual(before);
    expect(alone.macs > 0 && alone.params > 0).toBe(after < before);
  }
  expect(result.search.trace).toHaveLength(result.search.steps);
  expect(result.cuts.length).toBeGreaterThan(0);
  expect(result.seconds.total).toBeGreaterThan(0);
  // What is written is what was said.
  const { params, macs } = await espalierJson(['inspect', out]);
  expect({ params, macs }).toEqual({ params: result.after.params, macs: result.after.macs });
});

it('takes manual shares as they are, or scaled to a target', async () => {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'manual.onnx');
  const shares = ['--allocation', 'manual(*conv1*=0.25;/conv1*=0)'];
  const prune = ['prune', RESNET20, ...shares, '--out', out];
  const asGiven = await espalierJsonHere(prune);
  expect(asGiven.strategy.allocation).toBe('manual(*conv1*=0.25;/conv1*=0)');
  expect(asGiven.requested).toEqual({ metric: 'macs', share: asGiven.achieved.macs });
  for (const { group, before, after } of asGiven.structure) {
    expect([group, after]).toEqual([group, /blocks.*conv1/.test(group) ? before * 0.75 : before]);
  }
  const scaled = await espalierJsonHere([...prune, '--target', 'macs=0.4']);
  expect(scaled.requested.share).toBe(0.4);
  expect(scaled.achieved.macs).toBeGreaterThanOrEqual(0.4);
  const { macs } = await espalierJsonHere(['inspect', out]);
  expect(macs).toBe(scaled.after.macs);
});

it('cie prunes by its own sweep, recalibrates and evaluates on the whole test split', async () => {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'cie.onnx');
  const result = await espalierJsonHere([
    ...['prune', RESNET20, '--dataset', await cifarPictures(), '--target', 'macs=0.4', '--out', out],
    ...['--grid', '0.25,0.75', '--samples', '50', '--recalibrate', '500'],
  ]);
  expect(result.achieved.macs).toBeGreaterThanOrEqual(0.4);
  for (const key of ['before', 'pruned', 'after']) expect(result[key].n).toBe(CIFAR_PICTURES);
  expect(result.before.top1).toBeGreaterThan(0.85);
  expect(result.after.top1).toBeGreaterThan(result.pruned.top1);
  expect(result.batchNorm).toEqual({ recalibrated: { split: 'train', images: 500 } });
  expect(result.sampling).toMatchObject({ samples: 50, grid: [0.25, 0.75], baseline: { n: 50 } });
  expect(Object.keys(result.seconds)).toEqual(
    expect.arrayContaining([
      'sampling',
      'searching',
      'cutting',
      'recalibrating',
      'evaluating',
      'exporting',
      'total',
    ]),
  );
  const again = await espalierJsonHere(['evaluate', out, '--dataset', await cifarPictures()]);
  expect(again).toMatchObject({ top1: result.after.top1, n: CIFAR_PICTURES });
});

it('a sweep file serves any target, and the file alone is enough', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  await writeFile(at('sweep.json'), swept);
  for (const [allocation, target] of [
    ['cie', 'params=0.3'],
    ['cie-proportional', 'macs=0.3'],
  ] as const) {
    const result = await espalierJsonHere([
      ...['prune', RESNET20, '--sweep', at('sweep.json'), '--target', target],
      ...['--allocation', allocation, '--align', '4', '--out', at('out.onnx')],
    ]);
    expect(result.achieved[target.split('=')[0] ?? '']).toBeGreaterThanOrEqual(0.3);
    for (const { before, after } of result.structure) {
      expect(after === before || after % 4 === 0).toBe(true);
    }
    expect(result.strategy.allocation).toBe(allocation);
  }
});

it('criteria that go by images rank alike in the sweep and by its file; without images they are misuse', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const sweep = ['sweep', RESNET20, '--dataset', 'cifar10', '--grid', '0.5', '--samples', '20'];
  const { runs } = await espalierJsonHere([
    ...[...sweep, '--criterion', 'taylor,hrank:max', '--out', at('net.json')],
  ]);
  expect(runs.map(({ criterion }: { criterion: string }) => criterion)).toEqual(['taylor', 'hrank:max']);
  expect(await filesIn(folder)).toEqual(['net.hrank-max.json', 'net.taylor.json']);
  const prune = ['prune', RESNET20, '--criterion', 'taylor', '--target', 'macs=0.2', '--out', at('out.onnx')];
  const { structure } = await espalierJsonHere([...prune, '--sweep', at('net.taylor.json')]);
  const cut = structure.findIndex(({ before, after }: { before: number; after: number }) => after < before);
  const kept = [...runs[0].order[cut].slice(0, structure[cut].after)].sort((a, b) => a - b);
  expect(structure[cut].kept).toEqual(kept);

  const { code, stderr } = await espalierHere([...prune, '--allocation', 'uniform']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('criterion taylor needs training images: give a data set'),
  });
});

it('prunes in rounds, trains between them, and tells all of it against the base', async () => {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'rounds.onnx');
  const args = [
    ...['prune', RESNET20, '--dataset', await cifarPictures(), '--target', 'macs=0.4', '--out', out],
    ...['--grid', '0.25,0.5', '--samples', '40', '--rounds', '2', '--recover', 'steps=2,batch=16'],
  ];
  const result = await espalierJsonHere(args);
  const { rounds, recovery, structure } = result;
  expect(rounds.map(({ round, target }: { round: number; target: object }) => [round, target])).toEqual([
    [1, { metric: 'macs', share: expect.closeTo(1 - Math.sqrt(0.6), 12) }],
    [2, { metric: 'macs', share: expect.closeTo(0.4, 12) }],
  ]);
  expect(rounds[0].before).toEqual(result.sampling.baseline);
  expect(rounds[1].achieved).toEqual(result.achieved);
  // What the second round began with had been trained.
  expect(rounds[1].before.loss).not.toBeCloseTo(rounds[0].after.loss, 2);
  expect(recovery).toMatchObject({ recipe: { steps: 2, batch: 16 }, trainings: [{ round: 1, steps: 2 }] });
  expect(result.batchNorm).toBe('trained');
  for (const [g, { group, before, after, kept }] of structure.entries()) {
    expect(rounds[0].structure[g]).toMatchObject({ group, before });
    expect(rounds[1].structure[g]).toMatchObject({ group, after });
    expect(kept).toHaveLength(after);
  }
  const { params, macs } = await espalierJsonHere(['inspect', out]);
  expect({ params, macs }).toEqual({ params: result.after.params, macs: result.after.macs });
  expect(1 - macs / result.before.macs).toBeCloseTo(result.achieved.macs, 12);

  const misuse = async (...more: string[]) => {
    const { code, stderr } = await espalierHere([
      'prune',
      RESNET20,
      '--target',
      'macs=0.4',
      '--out',
      out,
      ...more,
    ]);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await misuse('--rounds', '2')).toContain('rounds make their own samples: give a data set');
  expect(await misuse('--allocation', 'uniform', '--rounds', '2')).toContain('needs no samples');
  expect(await misuse('--recover', 'steps=2', '--dataset', 'cifar10')).toContain('give two rounds or more');
});

it('a sweep of another network, data set, criterion or seed is refused by name', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  await writeFile(at('sweep.json'), swept);
  const refused = async (model: string, ...args: string[]) => {
    const options = ['--sweep', at('sweep.json'), '--target', 'macs=0.3', '--out', at('out.onnx'), ...args];
    const { code, stdout, stderr } = await espalierHere(['prune', model, ...options]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: .*\n$/);
    return stderr;
  };
  expect(await refused(RESNET20, '--criterion', 'l2')).toContain('criterion l1, not l2');

  await espalierJsonHere([
    ...['prune', RESNET20, '--allocation', 'uniform', '--target', 'macs=0.3', '--out', at('other.onnx')],
  ]);
  expect(await refused(at('other.onnx'))).toContain('another network');

  const sweep = JSON.parse(await readFile(at('sweep.json'), 'utf8'));
  sweep.dataset = { ...sweep.dataset, name: 'mnist', hash: '00' };
  await writeFile(at('sweep.json'), JSON.stringify(sweep));
  expect(await refused(RESNET20, '--dataset', 'cifar10')).toContain('data set mnist, not cifar10');

  await writeFile(at('sweep.json'), '{"format":"espalier-sweep"}');
  expect(await refused(RESNET20)).toContain('is not a sweep');
  expect(await filesIn(folder)).toEqual(['other.onnx', 'sweep.json']);
});

it('sampling options beside a sweep file are told to be ignored', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  await writeFile(at('sweep.json'), swept);
  const { code, stderr } = await espalierHere([
    ...['prune', RESNET20, '--sweep', at('sweep.json'), '--target', 'macs=0.3', '--samples', '7'],
    ...['--out', at('out.onnx')],
  ]);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'warning: --samples ignored: the file of --sweep has these settings\n',
  });
});

it('prune obeys --keep, --max-ratio and --min-width', async () => {
  const folder = await temporaryFolder();
  const { groups } = await espalierJsonHere(['inspect', RESNET20]);
  const [first, second] = groups.map(({ id }: { id: string }) => id);
  const { structure } = await espalierJsonHere([
    ...['prune', RESNET20, '--allocation', 'global', '--target', 'macs=0.3'],
    ...['--keep', first, '--keep', second, '--max-ratio', '0.5', '--min-width', '9'],
    ...['--out', path.join(folder, 'out.onnx')],
  ]);
  expect(structure[0].after).toBe(structure[0].before);
  expect(structure[1].after).toBe(structure[1].before);
  for (const { before, after } of structure) {
    expect(after).toBeGreaterThanOrEqual(Math.max(9, before / 2));
  }
});

it('prune is readable and says where it wrote', async () => {
  const folder = await temporaryFolder();
  const out = path.join(folder, 'half.onnx');
  const { code, stdout, stderr } = await espalier([
    ...['prune', RESNET20, '--allocation', 'uniform', '--target', 'macs=0.5', '--out', out],
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('uniform · l1 · 50 % of the MACs');
  expect(stdout).toMatch(/saved \d\d\.\d\d % of the MACs \(target 50 %\)/);
  expect(stdout).toContain(`written to ${out}`);
  await access(out);
});
