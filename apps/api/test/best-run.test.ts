import { expect, it } from 'vitest';
import { createApiKey } from '../src/people/api-keys.ts';
import { type HandMade, makeRuns } from './hand-made.ts';
import { client, startPlatform } from './platform.ts';

/** Of the small network (4,000 MACs, 0.9) and of the large one (80,000 MACs, 0.8). */
const RUNS: readonly HandMade[] = [
  // Twice as small for half a point.
  { id: 'run_half', macs: 2000, params: 400, top1: 0.895, latencyMs: 2 },
  // Exactly a point, in numbers that are not exact: 0.9 - 0.89 > 0.01. Four times; of the two the more accurate counts.
  { id: 'run_quarter', macs: 1000, params: 600, top1: 0.89, latencyMs: 1.5 },
  { id: 'run_quarter_better', macs: 1000, params: 500, top1: 0.892, allocation: 'uniform', latencyMs: 3 },
  { id: 'run_tenth_a', macs: 400, params: 100, top1: 0.6, network: 'lucky', latencyMs: 1 },
  // The same network once more, timed by chance as six times as fast.
  { id: 'run_tenth_b', macs: 400, params: 100, top1: 0.6, seed: 1, network: 'lucky', latencyMs: 0.5 },
  { id: 'run_large', model: 'large', macs: 10_000, top1: 0.795, recipeHash: 'three' },
  { id: 'run_untested', model: 'untested', macs: 250, top1: 0.5 },
];

const best = (args: string) =>
  `{ models(order: { by: NAME, direction: ASC }) { nodes { name bestRun${args} { id } } } }`;

it('finds for each model the run with the largest ratio that keeps to the drop', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const { id } = await makeRuns(prisma, viewer.teamId, RUNS);
  await makeRuns(prisma, (await member('viewer')).teamId, [{ id: 'run_theirs', macs: 1, top1: 0.9 }]);
  const found = async (args: string) => {
    const { data, errors } = await viewer.ask(best(args));
    expect(errors).toBeUndefined();
    return Object.fromEntries(
      data.models.nodes.map(({ name, bestRun }: { name: string; bestRun: { id: string } | null }) => [
        name,
        bestRun?.id.replace(`_${viewer.teamId}`, '') ?? null,
      ]),
    );
  };
  expect(await found('(maxDrop: 0.01)')).toEqual({
    ...{ small: 'run_quarter_better', large: 'run_large', untested: null },
  });
  expect(await found('(maxDrop: 0.006)')).toMatchObject({ small: 'run_half', large: 'run_large' });
  expect(await found('(maxDrop: 0)')).toEqual({ small: null, large: null, untested: null });
  // Without a limit the drop need not be known.
  expect(await found('')).toEqual({ small: 'run_tenth_a', large: 'run_large', untested: 'run_untested' });
  expect(await found('(maxDrop: 0.01, by: LATENCY)')).toEqual({
    ...{ small: 'run_quarter', large: null, untested: null },
  });
  expect(await found('(by: LATENCY)')).toMatchObject({ small: 'run_tenth_a' });
  expect(await found('(maxDrop: 0.01, filter: { allocation: { in: ["cie"] } })')).toMatchObject({
    small: 'run_quarter',
  });
  expect(await found('(filter: { state: { in: [FAILED] } })')).toEqual({
    small: null,
    large: null,
    untested: null,
  });
  await prisma.run.update({ where: { id: id('run_quarter_better') }, data: { deletedAt: new Date() } });
  expect(await found('(maxDrop: 0.01)')).toMatchObject({ small: 'run_quarter' });
  const { errors } = await viewer.ask(best('(maxDrop: 1.5)'));
  expect(errors[0]).toMatchObject({
    message: 'maxDrop is a fraction up to 1, not 1.5: 0.01 is one point',
    extensions: { code: 'BAD_USER_INPUT', fields: ['maxDrop'] },
  });
});

it('does not lead out of the projects of a key', async () => {
  const { member, prisma, address } = await startPlatform();
  const { teamId, userId } = await member('admin');
  const { id } = await makeRuns(prisma, teamId, RUNS);
  const limits = { name: 'small', role: 'viewer', projectIds: [id('proj_small')] } as const;
  const { key } = await createApiKey(prisma, { teamId, userId }, limits);
  // An experiment elsewhere that uses a model of the key's project.
  await prisma.experiment.updateMany({
    where: { id: id('exp_small_none') },
    data: { projectId: id('proj_large') },
  });
  const { data } = await client(address, key).ask(best(''));
  expect(data.models.nodes).toEqual([{ name: 'small', bestRun: null }]);
});

it('answers with ratios, strategy, widths and file in one query of a few statements', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  await makeRuns(prisma, viewer.teamId, RUNS);
  const query = `query ($first: Int!) {
    models(first: $first, order: { by: NAME, direction: ASC }) { nodes {
      name
      bestRun(maxDrop: 0.01, by: MACS) {
        strategy { name allocation criterion }
        result { top1 drop ratio { params macs bytes latency } groups { group before after } downloadUrl }
      }
    } }
  }`;
  await viewer.ask(query, { first: 1 });
  const one = await statements(() => viewer.ask(query, { first: 1 }));
  const all = await statements(() => viewer.ask(query, { first: 3 }));
  expect(all.result.data.models.nodes).toEqual([
    {
      name: 'large',
      bestRun: {
        strategy: { name: 'cie · l1', allocation: 'cie', criterion: 'l1' },
        result: {
          ...{
            top1: 0.795,
            drop: expect.closeTo(0.005, 12),
            groups: [{ group: 'conv1', before: 8, after: 4 }],
          },
          ratio: { params: 20, macs: 8, bytes: 22.5, latency: null },
          downloadUrl: expect.stringMatching(/^\/files\/[0-9a-f]{64}\?name=large-cie-l1-macs-0.5-seed-0-/),
        },
      },
    },
    {
      name: 'small',
      bestRun: {
        strategy: { name: 'uniform · l1', allocation: 'uniform', criterion: 'l1' },
        result: {
          ...{
            top1: 0.892,
            drop: expect.closeTo(0.008, 12),
            groups: [{ group: 'conv1', before: 8, after: 4 }],
          },
          ratio: { params: 2, macs: 4, bytes: 2, latency: 1 },
          downloadUrl: expect.stringContaining('small-uniform-l1'),
        },
      },
    },
    { name: 'untested', bestRun: null },
  ]);
  expect(all.count).toBe(one.count);
  expect(all.count).toBeLessThanOrEqual(8);
});
