import { readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { samplingRunSchema } from '@espalier/pruning';
import { expect, it } from 'vitest';
import { cifarPictures } from './cifar-pictures.ts';
import { espalier, espalierJson, filesIn, RESNET20, TEST_HOME, temporaryFolder } from './espalier.ts';

const SMALL = ['sweep', RESNET20, '--dataset', 'cifar10', '--grid', '0.25,0.75', '--samples', '110'];

/** A home of its own, with the decoded data sets of the common one. */
async function freshHome(): Promise<Record<string, string>> {
  const home = await temporaryFolder();
  await symlink(path.join(TEST_HOME, 'datasets'), path.join(home, 'datasets'));
  return { ESPALIER_HOME: home };
}

it('sweep --json holds the contract', async () => {
  const folder = await temporaryFolder();
  const [file, picture] = [path.join(folder, 'sweep.json'), path.join(folder, 'map.svg')];
  const result = await espalierJson([...SMALL, '--out', file, '--heatmap', picture]);
  const groups = result.groups.length;
  expect(groups).toBe(12);
  expect(result).toMatchObject({
    baseline: { top1: expect.any(Number), top5: expect.any(Number), loss: expect.any(Number), n: 110 },
    grid: [0.25, 0.75],
    cached: expect.any(Number),
    seconds: expect.any(Number),
    provenance: { dataset: { name: 'cifar10' }, hardware: { cores: expect.any(Number) } },
  });
  for (const matrix of ['accuracy', 'loss', 'drop', 'contribution']) {
    expect(result[matrix]).toHaveLength(groups);
    for (const row of result[matrix]) expect(row).toHaveLength(2);
  }
  for (const k of [0, 1]) {
    const column = result.contribution.reduce((sum: number, row: number[]) => sum + (row[k] ?? 0), 0);
    expect(column).toBeCloseTo(1);
  }
  expect(result.drop[0][1]).toBeCloseTo(result.baseline.top1 - result.accuracy[0][1]);
  const written = samplingRunSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  expect(written.accuracy).toEqual(result.accuracy);
  expect(await readFile(picture, 'utf8')).toContain('<svg');
});

it('a stopped sweep goes on where it was and gives the same file', async () => {
  const folder = await temporaryFolder();
  const [whole, resumed] = [path.join(folder, 'whole.json'), path.join(folder, 'resumed.json')];
  await espalierJson([...SMALL, '--samples', '220', '--fresh', '--out', whole]);

  const env = await freshHome();
  const args = [...SMALL, '--samples', '220', '--threads', '1', '--out', resumed];
  const units = () => filesIn(path.join(env.ESPALIER_HOME ?? '', 'units')).catch(() => []);
  let stopper: NodeJS.Timeout | undefined;
  const stopped = await espalier(args, {
    env,
    onStart: (child) => {
      stopper = setInterval(async () => {
        if ((await units()).length < 5) return;
        clearInterval(stopper);
        if (!child.killed) child.kill('SIGINT');
      }, 20);
    },
  });
  clearInterval(stopper);
  expect(stopped).toMatchObject({ code: 130, stdout: '' });
  expect(stopped.stderr).toContain('the same command continues from there');
  expect(await filesIn(folder)).toEqual(['whole.json']);

  const again = await espalierJson(args, { env });
  expect(await readFile(resumed, 'utf8')).toBe(await readFile(whole, 'utf8'));
  const thrice = await espalierJson(args, { env });
  expect(thrice.cached).toBe(again.groups.length * again.grid.length);
  expect(thrice.accuracy).toEqual(again.accuracy);
  expect((await espalierJson([...args, '--fresh'], { env })).cached).toBe(0);
});

it('shares of a sweep merge into the same file', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  await espalierJson([...SMALL, '--out', at('whole.json')]);
  for (const shard of ['1/2', '2/2']) {
    const { code } = await espalier([...SMALL, '--shard', shard, '--out', at(`${shard[0]}.json`)]);
    expect(code).toBe(0);
  }
  await espalierJson(['merge', at('2.json'), at('1.json'), '--out', at('merged.json')]);
  expect(await readFile(at('merged.json'), 'utf8')).toBe(await readFile(at('whole.json'), 'utf8'));
  const alone = await espalier(['merge', at('1.json'), '--out', at('half.json')]);
  expect(alone).toMatchObject({ code: 1, stdout: '' });
  expect(alone.stderr).toMatch(/^error: images .* are missing/);
});

it('the naive way gives the same accuracies', async () => {
  const args = [...SMALL, '--samples', '60', '--grid', '0.5'];
  const [planned, naive] = [
    await espalierJson(args),
    await espalierJson([...args, '--naive', '--fresh'], { env: await freshHome() }),
  ];
  expect(naive.cached).toBe(0);
  expect(naive.accuracy).toEqual(planned.accuracy);
});

it('a sweep is readable: heat map and ranking', async () => {
  const { code, stdout, stderr } = await espalier(SMALL);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/baseline {2}top-1 \d\d\.\d %/);
  expect(stdout).toMatch(/group +units +25% +75% +importance/);
  expect(stdout).toMatch(/every column sums to 100/);
  expect(stdout).toMatch(/^ *1 {2}\S+ +\d+ +\d+\.\d % +█/m);
});

it('samples on what there is, and says so, where nobody asks for a number', async () => {
  const sweep = ['sweep', RESNET20, '--dataset', await cifarPictures(), '--plan', '--json'];
  const { stdout, stderr, code } = await espalier(sweep);
  expect([code, JSON.parse(stdout).samples]).toEqual([0, 60]);
  expect(stderr).toContain('sampling on 60 images, all that the search split of cifar-pictures has');
});

it('a plan says how each group would be measured, and measures nothing', async () => {
  const home = await freshHome();
  const plan = await espalierJson([...SMALL, '--plan'], { env: home });
  expect(plan.groups).toHaveLength(12);
  expect(plan.share).toBeLessThan(0.55);
  expect(plan.macs).toBe(
    plan.groups.reduce((sum: number, { macs }: { macs: number }) => sum + macs, plan.baselineMacs),
  );
  expect(await filesIn(path.join(home.ESPALIER_HOME ?? '', 'units')).catch(() => [])).toEqual([]);
  const { stdout } = await espalier([...SMALL, '--plan']);
  expect(stdout).toMatch(/running sums over channel chunks +64 x 2 +[\d.]+ M +[\d.]+ %/);
});

it('several criteria of one call write what each writes alone', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const args = [...SMALL, '--samples', '60', '--grid', '0.5'];
  const both = await espalierJson([...args, '--criterion', 'l1,fpgm', '--out', at('net.json')], {
    env: await freshHome(),
  });
  expect(both.runs.map(({ criterion }: { criterion: string }) => criterion)).toEqual(['l1', 'fpgm']);
  expect(await filesIn(folder)).toEqual(['net.fpgm.json', 'net.l1.json']);
  await espalierJson([...args, '--criterion', 'fpgm', '--out', at('alone.json')], { env: await freshHome() });
  const hits = async (name: string) => JSON.parse(await readFile(at(name), 'utf8')).hits;
  expect(await hits('net.fpgm.json')).toEqual(await hits('alone.json'));
});
