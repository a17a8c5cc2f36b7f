import { expect, it } from 'vitest';
import { differenceRows } from './difference.ts';
import { commonGround, comparedRuns, properties } from './runs.ts';

const answer = {
  onFront: [true, false],
  columns: {
    id: ['run_a', 'run_b'],
    name: ['cie · l1 · 50 % MACs · seed 0', 'uniform · l1 · widths of 8 · 30 % MACs · seed 0'],
    strategy: ['cie · l1', 'uniform · l1 · widths of 8'],
    strategyKey: ['c', 'u8'],
    networkHash: ['n', 'm'],
    origin: ['ESPALIER', 'ESPALIER'],
    tool: [null, null],
    evidence: [],
    experiment: ['Half', 'Half'],
    experimentId: ['exp', 'exp'],
    model: ['ResNet-20', 'ResNet-20'],
    modelId: ['model', 'model'],
    dataset: ['CIFAR-10', 'CIFAR-10'],
    datasetId: ['data', 'data'],
    allocation: ['cie', 'uniform'],
    criterion: ['l1', 'l1'],
    metric: ['MACS', 'MACS'],
    share: [0.5, 0.3],
    seed: [0, 0],
    state: ['FINISHED', 'FAILED'],
    tags: [['paper'], []],
    qualityMetric: ['TOP1', 'TOP1'],
    value: [0.89, null],
    baseValue: [0.9, null],
    prunedValue: [0.5, null],
    repairedValue: [0.7, null],
    valueDrop: [0.01, null],
    top1: [0.89, null],
    top5: [null, null],
    loss: [0.31, null],
    macs: [20_400_000, null],
    savedMacs: [0.5, null],
    params: [136_000, null],
    savedParams: [0.5, null],
    savedLatency: [0.4, null],
    profile: ['p', null],
    profiledDevice: ['board', null],
    predictedMs: [3, null],
    ratioPredicted: [1.5, null],
    measuredMs: [null, null],
    ratioMeasured: [null, null],
    ratioMeasuredLow: [null, null],
    ratioMeasuredHigh: [null, null],
    latencyMs: [1, null],
    ratioParams: [2, null],
    ratioMacs: [2, null],
    bytes: [152_000, null],
    ratioBytes: [1.9, null],
    ratioLatency: [1.7, null],
    ratioLatencyLow: [1.6, null],
    ratioLatencyHigh: [1.8, null],
    ratioThroughput: [null, null],
    ratioThroughputLow: [null, null],
    ratioThroughputHigh: [null, null],
  },
};

it('turns columns into runs, and keeps what is not known unknown', () => {
  const [first, second] = comparedRuns(answer);
  expect(first).toMatchObject({ id: 'run_a', top1: 0.89, onFront: true, tags: ['paper'] });
  expect(second).toMatchObject({ id: 'run_b', top1: null, onFront: false });
});

it('writes every property in its unit, and differences with their sign', () => {
  const runs = comparedRuns({ onFront: [], columns: { ...answer.columns, macs: [20_400_000, 28_600_000] } });
  const rows = new Map(differenceRows(properties(runs), 0, false).map((row) => [row.name, row.cells]));
  expect(rows.get('MACs')).toEqual([
    { text: '20.4 M', delta: null, verdict: null },
    { text: '28.6 M', delta: '+8.20 M', verdict: 'worse' },
  ]);
  expect(rows.get('Change by pruning')?.[0]?.text).toBe('−1.00 pt');
  expect(rows.get('As fast as unpruned')?.map(({ text }) => text)).toEqual(['1.70× (1.60 to 1.80)', '–']);
  expect(rows.get('Throughput against unpruned')?.map(({ text }) => text)).toEqual(['–', '–']);
  expect(rows.get('Settings')?.map(({ text }) => text)).toEqual(['usual', 'widths of 8']);
  expect(rows.get('To remove')?.map(({ text }) => text)).toEqual(['50 % MACs', '30 % MACs']);
});

it('a ratio of times stands with its interval, and is better only where the intervals are apart', () => {
  const against = (low: number, high: number) => {
    const columns = {
      ...answer.columns,
      ...{ ratioLatency: [1.7, 0.9], ratioLatencyLow: [1.6, low], ratioLatencyHigh: [1.8, high] },
    };
    const rows = differenceRows(properties(comparedRuns({ onFront: [], columns })), 0, false);
    return rows.find(({ name }) => name === 'As fast as unpruned')?.cells[1];
  };
  expect(against(0.85, 0.95)).toEqual({
    ...{ text: '0.900× (0.85 to 0.95), slower', delta: '−0.800×', verdict: 'worse' },
  });
  expect(against(0.5, 1.65)?.verdict).toBeNull();
});

it('tells values by the metric of the runs, and subtracts nothing between two metrics', () => {
  const told = (qualityMetric: string[]) => {
    const columns = { ...answer.columns, qualityMetric, value: [0.25, 0.5], valueDrop: [0.25, 0.5] };
    const rows = differenceRows(properties(comparedRuns({ onFront: [], columns })), 0, false);
    return new Map(rows.map((row) => [row.name, row.cells]));
  };
  const errors = told(['FIDELITY', 'FIDELITY']);
  expect(errors.get('Output error')?.[1]).toEqual({ text: '0.5000', delta: '+0.2500', verdict: 'worse' });
  expect(errors.get('Change by pruning')?.[0]?.text).toBe('+0.2500');
  const mixed = told(['LOSS', 'TOP1']);
  expect(mixed.get('Value')).toEqual([
    { text: '0.250 nats', delta: null, verdict: null },
    { text: '50.00 %', delta: null, verdict: null },
  ]);
});

it('tells what the runs have in common', () => {
  expect(commonGround(comparedRuns(answer))).toEqual({
    same: ['experiment', 'model', 'data set'],
    different: ['target'],
  });
});
