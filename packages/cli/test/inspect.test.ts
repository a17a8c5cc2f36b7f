import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { espalierHere, espalierJson, espalierJsonHere, RESNET20 } from './espalier.ts';

it('inspect --json holds the contract', async () => {
  const found = await espalierJson(['inspect', RESNET20]);
  expect(found).toMatchObject({
    params: 272_474,
    macs: 40_813_184,
    input: { name: 'input', shape: [1, 3, 32, 32] },
  });
  for (const layer of found.layers) {
    expect(layer).toEqual({
      name: expect.any(String),
      op: expect.any(String),
      outputShape: expect.any(Array),
      params: expect.any(Number),
      macs: expect.any(Number),
    });
  }
  const sum = (key: string) => found.layers.reduce((total: number, layer: never) => total + layer[key], 0);
  expect({ params: sum('params'), macs: sum('macs') }).toEqual({ params: 272_474, macs: 40_813_184 });
  const [stem] = found.groups;
  expect(stem).toMatchObject({ width: 16, channelsPerUnit: 1, prunable: true });
  // The stem's channels run through the first stage's additions.
  expect(stem.producers.length).toBeGreaterThan(1);
  expect(stem.consumers.length).toBeGreaterThan(1);
});

it('inspect says why a group cannot be pruned', async () => {
  const { groups } = await espalierJsonHere(['inspect', RESNET20]);
  const whole = groups.filter(({ prunable }: { prunable: boolean }) => !prunable);
  expect(whole).toHaveLength(1);
  expect(whole[0].reason).toMatch(/output/);
});

it('inspect is readable', async () => {
  const { code, stdout, stderr } = await espalierHere(['inspect', RESNET20]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('params  272.5 k');
  expect(stdout).toContain('MACs    40.81 M');
  expect(stdout).toMatch(/Conv +\[1, 16, 32, 32\] +432 +442\.4 k/);
});

it('inspect names what surgery has no rule for, and what stands behind the outputs', async () => {
  const file = (name: string) =>
    fileURLToPath(new URL(`../../formats/test/field/${name}.onnx`, import.meta.url));
  const { withoutRule, tail } = await espalierJsonHere(['inspect', file('eca')]);
  expect(withoutRule).toEqual([
    { name: '/f/f.1/c/Conv', op: 'Conv', why: 'its window has 1 dimension(s), and rules are for two' },
  ]);
  expect(tail).toEqual([]);
  const { stdout } = await espalierHere(['inspect', file('eca')]);
  expect(stdout).toContain(
    'no rule Conv /f/f.1/c/Conv: its window has 1 dimension(s), and rules are for two',
  );
  expect(stdout).toContain('an operation without a pruning rule');
  const decided = await espalierHere(['inspect', file('argmax')]);
  expect(decided.stdout).toContain('Kept unchanged, after the evaluated values: ArgMax ArgMax_14');
  expect(decided.stderr).toContain('ArgMax "ArgMax_14" decides by "t13_0"');
});
