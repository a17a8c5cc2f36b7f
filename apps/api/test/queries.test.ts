import { expect, it } from 'vitest';
import { startPlatform } from './platform.ts';
import { drop, everyRun, type FullRun, ratiosOf } from './read-plainly.ts';
import { fillTeam, numbers, TAGS } from './runs-data.ts';

it('filters keep what a plain reading of them keeps', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const filled = await fillTeam(prisma, viewer.teamId, { runs: 300 });
  const stranger = await member('viewer');
  await fillTeam(prisma, stranger.teamId, { runs: 20, seed: 2 });
  const all = await everyRun(prisma, viewer.teamId);
  const draw = numbers(7);
  const some = <T>(of: readonly T[]) => of.filter(() => draw(2) === 0);
  const range = (scale: number) => {
    const [a, b] = [draw(10) / 10, draw(10) / 10].map((x) => x * scale);
    return { min: draw(3) ? Math.min(a ?? 0, b ?? 0) : null, max: draw(3) ? Math.max(a ?? 0, b ?? 0) : null };
  };
  const choices: Readonly<Record<string, () => unknown>> = {
    ids: () => some(filled.runIds),
    projectIds: () => some(filled.projectIds),
    experimentIds: () => some(filled.experimentIds),
    modelIds: () => some(filled.modelIds),
    datasetIds: () => some(filled.datasetIds),
    states: () => some(['FINISHED', 'FAILED', 'QUEUED']),
    allocations: () => some(['cie', 'uniform', 'random']),
    criteria: () => some(['l1', 'l2']),
    metric: () => (draw(2) ? 'MACS' : 'PARAMS'),
    share: () => range(1),
    seeds: () => some([0, 1, 2]),
    tags: () => some(TAGS.slice(0, 2)),
    text: () => ['best', '0% O', 'd_n', 'net 1', 'EXPERIMENT 2', '%', 'no such'][draw(7)],
    created: () => ({ from: new Date(Date.UTC(2026, 0, 1, draw(4))).toISOString() }),
    top1: () => range(1),
    drop: () => range(0.5),
    savedMacs: () => range(1),
    savedParams: () => range(1),
    ratio: () => ({
      [['params', 'macs', 'bytes', 'latency', 'throughput'][draw(5)] ?? '']: range(draw(2) ? 4 : 30),
    }),
    loss: () => range(1),
    latencyMs: () => range(2),
    throughput: () => range(90),
    engines: () => some(['onnxruntime', 'tensorflow']),
    finished: () => ({ from: new Date(Date.UTC(2026, 0, 2, 0, draw(60))).toISOString() }),
  };
  const filters = [
    {},
    // Each by itself, then several at once.
    ...Object.entries(choices).map(([name, choose]) => ({ [name]: choose() })),
    ...Array.from({ length: 40 }, () =>
      Object.fromEntries(
        Object.entries(choices).flatMap(([name, choose]) => (draw(8) === 0 ? [[name, choose()]] : [])),
      ),
    ),
  ];
  let kept = 0;
  for (const filter of filters) {
    const wanted = all.filter((run) => matches(run, filter)).map(({ id }) => id);
    const { data, errors } = await viewer.ask(
      `query ($filter: RunFilter!) {
        runs(filter: $filter, first: 100) { totalCount nodes { id } }
        comparison(filter: $filter) { count columns { id } }
      }`,
      { filter },
    );
    expect(errors, JSON.stringify(filter)).toBeUndefined();
    expect(data.comparison.columns.id, JSON.stringify(filter)).toEqual(wanted.toReversed());
    expect(data.comparison.count).toBe(wanted.length);
    expect(data.runs.totalCount).toBe(wanted.length);
    expect(data.runs.nodes.map(({ id }: { id: string }) => id)).toEqual(wanted.toReversed().slice(0, 100));
    kept += wanted.length;
  }
  expect(kept).toBeGreaterThan(all.length);
});

it('a list takes as many statements for fifty rows as for five', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 60 });
  const lists = [
    `runs(first: $first) { totalCount nodes { id notes tags state
      experiment { name model { name summary { groups { id } layers { name } } preprocessing { output } } dataset { name splits { name } } }
      result { top1 loss diverged groups { group after kept savedAlone { macs } } trace { saving } rounds { round } provenance { engine } } events { seq } sampling { matrix { groups accuracy } } } }`,
    'runs(first: $first, order: { by: DROP }) { totalCount nodes { id experiment { name } result { top1 } } }',
    'comparison(most: $first) { count truncated columns { id name model top1 drop } onFront }',
  ];
  for (const list of lists) {
    const query = `query ($first: Int!) { ${list} }`;
    const counts: number[] = [];
    for (const first of [5, 5, 50]) {
      const { result, count } = await statements(() => viewer.ask(query, { first }));
      expect(result.errors).toBeUndefined();
      counts.push(count);
    }
    // The first time notes when the key was used.
    expect(counts[2]).toBe(counts[1]);
  }
});

/** The same rules as the statement's, in the plainest words. */
// biome-ignore lint/suspicious/noExplicitAny: filters are drawn at random
function matches(run: FullRun, f: any): boolean {
  const among = (value: unknown, list?: unknown[]) => list === undefined || list.includes(value);
  const inside = (value: number | null, range?: { min: number | null; max: number | null }) => {
    const { min = null, max = null } = range ?? {};
    if (min === null && max === null) return true;
    return value !== null && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
  };
  const { experiment, result } = run;
  const texts = [run.notes, experiment.name, experiment.model.name].map((text) => text.toLowerCase());
  return (
    among(run.id, f.ids) &&
    among(experiment.projectId, f.projectIds) &&
    among(run.experimentId, f.experimentIds) &&
    among(experiment.modelId, f.modelIds) &&
    among(experiment.datasetId, f.datasetIds) &&
    among(run.state.toUpperCase(), f.states) &&
    among(run.allocation, f.allocations) &&
    among(run.criterion, f.criteria) &&
    (f.metric === undefined || run.metric.toUpperCase() === f.metric) &&
    inside(run.share, f.share) &&
    among(run.seed, f.seeds) &&
    (f.tags ?? []).every((tag: string) => run.tags.includes(tag)) &&
    (f.text === undefined || texts.some((text) => text.includes(f.text.toLowerCase()))) &&
    (f.created === undefined || run.createdAt >= new Date(f.created.from)) &&
    inside(result?.top1 ?? null, f.top1) &&
    inside(drop(run), f.drop) &&
    inside(result?.savedMacs ?? null, f.savedMacs) &&
    inside(result?.savedParams ?? null, f.savedParams) &&
    Object.entries<never>(f.ratio ?? {}).every(([metric, range]) =>
      inside(ratiosOf(run)[metric] ?? null, range),
    ) &&
    inside(Number.isFinite(result?.loss) ? (result?.loss ?? null) : null, f.loss) &&
    inside(result?.latencyMs ?? null, f.latencyMs) &&
    inside(result?.throughput ?? null, f.throughput) &&
    among(run.engine, f.engines) &&
    (f.finished === undefined || (run.finishedAt !== null && run.finishedAt >= new Date(f.finished.from)))
  );
}
