import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it, onTestFinished } from 'vitest';
import { commandHere } from './command.ts';
import { type HandMade, makeRuns } from './hand-made.ts';
import { startPlatform } from './platform.ts';

/** Of the small network (4,000 MACs, top-1 0.9): on two devices, by no profile, and judged by its outputs. */
const RUNS: readonly HandMade[] = [
  {
    ...{ id: 'run_half', macs: 2000, top1: 0.89, latencyMs: 2, interval: [1.4, 1.6] },
    onDevice: { device: 'board', ms: 5, measured: { ms: 4, interval: [2.3, 2.7] } },
  },
  { id: 'run_quarter', macs: 1000, top1: 0.8, onDevice: { device: 'board', ms: 4 } },
  // Fewer MACs, more time.
  {
    ...{ id: 'run_slower', macs: 1500, top1: 0.89, latencyMs: 4, interval: [0.7, 0.8] },
    onDevice: { device: 'phone', ms: 12.5, measured: { ms: 12.5, interval: [0.75, 0.85] } },
  },
  { id: 'run_unknown', macs: 500, top1: 0.89 },
  {
    ...{ id: 'run_judged', macs: 2000, top1: null, judged: { metric: 'fidelity', value: 0.25 } },
    onDevice: { device: 'board', ms: 2 },
  },
];

async function prepared() {
  const { member, prisma, address } = await startPlatform();
  const viewer = await member('viewer');
  const { id } = await makeRuns(prisma, viewer.teamId, RUNS);
  const ask = async (query: string, variables: object = {}) => {
    const { data, errors } = await viewer.ask(query, variables);
    expect(errors).toBeUndefined();
    return data;
  };
  return { viewer, id, ask, address };
}

it('compression by the time on a device has a row for each device, and tells which runs have none', async () => {
  const { id, ask } = await prepared();
  const { compression } = await ask(`{ compression(metric: PREDICTED, budgets: [0.02, 0.5]) {
    metric runs unknown rows { profiledDevice networks qualityMetric { name }
      best { run { id } drop before { predicted } after { predicted } ratio { predicted latency }
        latencyInterval { low high } measured { ratio low high } } } } }`);
  expect(compression).toMatchObject({ metric: 'PREDICTED', runs: 5, unknown: 1 });
  expect(
    compression.rows.map(({ profiledDevice, networks, qualityMetric: { name }, best }: Row) => [
      ...[profiledDevice, networks, name, best.map((one) => one && [one.run.id, one.ratio.predicted])],
    ]),
  ).toEqual(
    expect.arrayContaining([
      [
        'board',
        2,
        'TOP1',
        [
          [id('run_half'), 2],
          [id('run_quarter'), 2.5],
        ],
      ],
      ['board', 1, 'FIDELITY', [null, [id('run_judged'), 5]]],
      [
        'phone',
        1,
        'TOP1',
        [
          [id('run_slower'), 0.8],
          [id('run_slower'), 0.8],
        ],
      ],
    ]),
  );
  expect(compression.rows).toHaveLength(3);
  const half = compression.rows
    .flatMap(({ best }: Row) => best)
    .find((one: Best) => one?.run.id === id('run_half'));
  expect(half).toMatchObject({
    ...{ before: { predicted: 10 }, after: { predicted: 5 }, ratio: { latency: 1.5 } },
    ...{ latencyInterval: { low: 1.4, high: 1.6 }, measured: { ratio: 2.5, low: 2.3, high: 2.7 } },
  });
  // By another metric nobody is left out, and rows are not split by device.
  const { compression: byMacs } = await ask('{ compression { unknown rows { profiledDevice networks } } }');
  expect(byMacs.unknown).toBe(0);
  expect(byMacs.rows.map(({ networks }: Row) => networks).sort()).toEqual([1, 4]);
});

it('the front goes by the metric that is asked for, or that of most runs, and tells what it leaves out', async () => {
  const { id, ask } = await prepared();
  const FRONT = `qualityMetric { name } judged { qualityMetric { name } runs } networks grounds unknown
    points { ratio drop run { id } }`;
  const { most, judged } = await ask(`{
    most: ratioFront(cost: PREDICTED, qualityMetric: null) { ${FRONT} }
    judged: ratioFront(cost: PREDICTED, qualityMetric: FIDELITY) { ${FRONT} } }`);
  expect(most).toMatchObject({
    qualityMetric: { name: 'TOP1' },
    judged: [
      { qualityMetric: { name: 'TOP1' }, runs: 4 },
      { qualityMetric: { name: 'FIDELITY' }, runs: 1 },
    ],
    // Two devices: the front says what was reached, and ranks nothing.
    ...{ networks: 3, grounds: 2, unknown: 1 },
  });
  expect(most.points.map(({ ratio, run }: Point) => [run.id, ratio])).toEqual([
    [id('run_quarter'), 2.5],
    [id('run_half'), 2],
  ]);
  expect(judged).toMatchObject({ networks: 1, unknown: 0, points: [{ ratio: 5, drop: 0.25 }] });

  const { ratioSummary } = await ask(`{ ratioSummary(by: [], filter: { qualityMetric: { in: [TOP1] } }) {
    groups { profiles ratio { predicted { mean } macs { n } } } } }`);
  // Times on two devices have no mean.
  expect(ratioSummary.groups).toEqual([{ profiles: 2, ratio: { predicted: null, macs: { n: 4 } } }]);
  const { one } =
    await ask(`{ one: ratioSummary(by: [], filter: { device: { in: ["${id('dev_board')}"] }, qualityMetric: { in: [TOP1] } }) {
    groups { profiles ratio { predicted { n mean best } } } } }`);
  expect(one.groups).toEqual([{ profiles: 1, ratio: { predicted: { n: 2, mean: 2.25, best: 2.5 } } }]);
});

it('runs are filtered and ordered by times on a device, and a comparison has them with their intervals', async () => {
  const { id, ask } = await prepared();
  const listed = async (args: string) =>
    (await ask(`{ runs(${args}) { nodes { id } } }`)).runs.nodes.map((run: { id: string }) => run.id);
  expect(
    await listed('filter: { predictedMs: { max: 5 } }, order: { by: PREDICTED, direction: ASC }'),
  ).toEqual([...[id('run_judged'), id('run_quarter'), id('run_half')]]);
  expect(
    await listed('filter: { measuredMs: { null: false } }, order: { by: RATIO_MEASURED, direction: DESC }'),
  ).toEqual([id('run_half'), id('run_slower')]);
  expect(await listed('filter: { ratio: { predicted: { max: 1 } } }')).toEqual([id('run_slower')]);
  expect(await listed('filter: { device: { null: true } }')).toEqual([id('run_unknown')]);
  expect(
    await listed(`filter: { device: { in: ["${id('dev_phone')}"] }, savedLatency: { max: 0 } }`),
  ).toEqual([id('run_slower')]);
  const { comparison } = await ask(`{ comparison(filter: { id: { in: ["${id('run_slower')}"] } }) { columns {
    predictedMs measuredMs baseMeasuredMs ratioPredicted ratioMeasured ratioMeasuredLow ratioMeasuredHigh
    ratioLatency ratioLatencyLow ratioLatencyHigh } } }`);
  expect(comparison.columns).toEqual({
    ...{ predictedMs: [12.5], measuredMs: [12.5], baseMeasuredMs: [10], ratioPredicted: [0.8] },
    ...{ ratioMeasured: [0.8], ratioMeasuredLow: [0.75], ratioMeasuredHigh: [0.85] },
    ...{ ratioLatency: [0.75], ratioLatencyLow: [0.7], ratioLatencyHigh: [0.8] },
  });
});

it('tables for people and the command have the interval behind a ratio of times, and say what is slower', async () => {
  const { viewer, id, address } = await prepared();
  const text = async (where: string) => (await viewer.fetch(`/files/export/${where}`)).text();
  const chosen = encodeURIComponent(JSON.stringify({ id: { in: [id('run_slower'), id('run_half')] } }));
  const table = await text(`runs.md?columns=id,ratioLatency&filter=${chosen}`);
  expect(table).toContain('| 0.75× (0.70 to 0.80), slower |');
  expect(table).toContain('| 1.50× (1.40 to 1.60) |');
  // The ends are behind the words, and no columns of their own.
  expect(table.split('\n')[0]).toBe('| id | Latency ratio |');
  const [row] = parse(await text(`runs.csv?columns=id,ratioLatency,ratioLatencyLow&filter=${chosen}`), {
    columns: true,
  }) as Record<string, string>[];
  expect(Object.keys(row ?? {})).toEqual(['id', 'ratioLatency', 'ratioLatencyLow']);
  expect(await text('compression.md?metric=predicted&budgets=0.02')).toContain(
    '| phone | 1 | 0.80×, slower, −1.00 pt |',
  );
  expect(await text('compression.md?metric=latency&budgets=0.02')).toContain(
    '1.50× (1.40 to 1.60), −1.00 pt',
  );

  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const espalier = commandHere(folder, { ESPALIER_ADDRESS: address, ESPALIER_KEY: viewer.key });
  const compression = (await espalier('compression', '--metric', 'predicted', '--budget', '0.02')).stdout;
  expect(compression).toMatch(/small +Data +top-1 +phone +no +1 +0\.80x, slower, −1\.00 pt/);
  expect(compression).toContain('left out: 1 of 5 finished runs without a predicted latency');
  expect((await espalier('compression', '--metric', 'latency', '--budget', '0.02')).stdout).toContain(
    '1.50x (1.40–1.60), −1.00 pt',
  );
  const front = (await espalier('front', '--cost', 'predicted')).stdout;
  expect(front).toMatch(/run_quarter\S* +.* 2\.50x +−10\.00 pt/);
  expect(front).toContain('left out: 1 run, they have no device profile');
  expect(front).toContain('left out: 1 run with metric output error (--metric fidelity)');
});

interface Best {
  readonly run: { readonly id: string };
  readonly ratio: Readonly<Record<string, number>>;
}
interface Row {
  readonly profiledDevice: string | null;
  readonly networks: number;
  readonly qualityMetric: { readonly name: string };
  readonly best: readonly (Best | null)[];
}
interface Point {
  readonly ratio: number;
  readonly run: { readonly id: string };
}
