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
  const minute = (i: number) => new Date(Date.UTC(2026, 0, 2, 0, i)).toISOString();
  const lists = <T>(of: readonly T[]) => {
    const list = draw(3) ? { in: some(of) } : {};
    return {
      ...list,
      ...(draw(3) === 0 ? { not: some(of) } : {}),
      ...(draw(6) === 0 ? { null: draw(2) === 0 } : {}),
    };
  };
  const choices: Readonly<Record<string, () => unknown>> = {
    id: () => lists(filled.runIds),
    project: () => lists(filled.projectIds),
    experiment: () => lists(filled.experimentIds),
    model: () => lists(filled.modelIds),
    dataset: () => lists(filled.datasetIds),
    state: () => lists(['FINISHED', 'FAILED', 'QUEUED']),
    allocation: () => lists(['cie', 'uniform', 'random']),
    criterion: () => lists(['l1', 'l2']),
    metric: () => lists(['MACS', 'PARAMS']),
    engine: () => lists(['ONNXRUNTIME', 'TENSORFLOW']),
    share: () => range(1),
    seed: () => ({ ...lists([0, 1, 2]), ...(draw(2) ? { min: draw(3) } : {}) }),
    tag: () => ({
      ...(draw(2) ? { all: some(TAGS.slice(0, 2)) } : {}),
      ...(draw(3) ? {} : { any: some(TAGS) }),
      ...(draw(2) ? { none: some(TAGS.slice(2)) } : {}),
    }),
    text: () => ['best', '0% O', 'd_n', 'net 1', 'EXPERIMENT 2', '%', 'no such'][draw(7)],
    createdAt: () => ({ from: new Date(Date.UTC(2026, 0, 1, draw(4))).toISOString() }),
    finishedAt: () => {
      const [from, to] = [draw(60), 60 + draw(60)].map((i) => minute(i ?? 0));
      return draw(4) ? { from, ...(draw(2) ? { to } : {}) } : { null: draw(2) === 0 };
    },
    sampling: () => ({ null: draw(2) === 0 }),
    benchmark: () => ({ null: draw(2) === 0 }),
    priority: () => lists([0, 1]),
    top5: () => ({ null: draw(2) === 0 }),
    params: () => ({ min: 100 + draw(6), max: 106 + draw(4) }),
    macs: () => ({ min: draw(10) * 1_000_000 }),
    bytes: () => ({ min: draw(3) }),
    top1: () => ({ ...range(1), ...(draw(4) ? {} : { null: draw(2) === 0 }) }),
    drop: () => range(0.5),
    loss: () => range(1),
    latencyMs: () => range(2),
    savedMacs: () => range(1),
    savedParams: () => range(1),
    ratio: () => ({
      [['params', 'macs', 'bytes', 'latency', 'throughput'][draw(5)] ?? '']: range(draw(2) ? 4 : 30),
    }),
    throughput: () => range(90),
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
        comparison(filter: $filter) { count columns { runId } }
      }`,
      { filter },
    );
    expect(errors, JSON.stringify(filter)).toBeUndefined();
    expect(data.comparison.columns.runId, JSON.stringify(filter)).toEqual(wanted.toReversed());
    expect(data.comparison.count).toBe(wanted.length);
    expect(data.runs.totalCount).toBe(wanted.length);
    expect(data.runs.nodes.map(({ id }: { id: string }) => id)).toEqual(wanted.toReversed().slice(0, 100));
    kept += wanted.length;
  }
  expect(kept).toBeGreaterThan(all.length);
});

it('every other list is filtered by the same rules', async () => {
  const { member, prisma, signedIn } = await startPlatform();
  const admin = await member('admin');
  const browser = await signedIn(admin.userId);
  const filled = await fillTeam(prisma, admin.teamId, { runs: 30 });
  const editor = await member('editor', admin.teamId);
  const [project] = filled.projectIds;
  const count = async (list: string, filter: string) => {
    const { data, errors } = await browser.ask(`{ list: ${list}(filter: { ${filter} }) { totalCount } }`);
    expect(errors, `${list} ${filter}`).toBeUndefined();
    return data.list.totalCount;
  };
  const dataset = filled.datasetIds[0] ?? '';
  await prisma.dataset.update({ where: { id: dataset }, data: { name: 'A % of_it' } });
  await prisma.run.updateMany({ where: { teamId: admin.teamId }, data: { tags: ['b', 'c'] } });
  const wanted: readonly (readonly [list: string, filter: string, count: number])[] = [
    ['projects', 'text: "project 1"', 1],
    ['projects', `id: { not: ["${project}"] }`, 1],
    ['projects', 'createdAt: { to: "2020-01-01T00:00:00Z" }', 0],
    ['models', 'networkHash: { in: ["net1", "net2"] }, params: { max: 1001 }', 1],
    ['models', `project: { in: ["${project}"] }, macs: { min: 40000001 }`, 1],
    ['models', 'tag: { none: ["paper"] }', 3],
    ['datasets', 'hash: { not: ["hash0"] }', 1],
    ['datasets', 'text: "% of_"', 1],
    ['datasets', 'text: "_"', 1],
    ['experiments', 'tag: { all: ["paper"] }', 1],
    ['experiments', 'tag: { none: ["paper", "x"] }', 5],
    ['experiments', 'benchmark: { null: true }, tag: { any: ["x", "paper"] }', 1],
    ['experiments', 'benchmark: { null: false }', 0],
    ['experiments', `dataset: { in: ["${dataset}"] }`, 3],
    ['benchmarks', 'text: "x"', 0],
    ['samplingRuns', `state: { in: [DONE] }, model: { in: ["${filled.modelIds[0]}"] }`, 1],
    ['samplingRuns', 'criterion: { not: ["l1"] }', 0],
    [
      'samplingRuns',
      'samples: { min: 10, max: 10 }, baselineTop1: { null: false }, finishedAt: { null: true }',
      1,
    ],
    ['members', 'role: { not: [ADMIN] }', 1],
    ['members', `text: "${editor.userId.toUpperCase()}@"`, 1],
    ['tags', 'tag: { in: ["b", "paper"] }', 2],
    ['tags', 'runs: { min: 1 }', 2],
    ['tags', 'experiments: { in: [1] }, text: "PAP"', 1],
    ['apiKeys', 'expiresAt: { null: true }', 2],
    ['apiKeys', 'role: { in: [EDITOR] }', 1],
    ['trash', 'text: "project"', 0],
    ['publishedResults', 'createdAt: { null: false }', 0],
    ['publishedResults', 'architecture: { in: ["resnet56"] }, year: { max: 1990 }', 0],
  ];
  for (const [list, filter, all] of wanted) expect(await count(list, filter), `${list} ${filter}`).toBe(all);
});

it('a range that nothing is in is refused with its place, and null is no range', async () => {
  const { member } = await startPlatform();
  const viewer = await member('viewer');
  const bad: readonly (readonly [filter: object, message: string])[] = [
    [{ top1: { min: 0.9, max: 0.1 } }, 'filter.top1 has min 0.9 above max 0.1'],
    [{ ratio: { macs: { min: 3, max: 2 } } }, 'filter.ratio.macs has min 3 above max 2'],
    [
      { finishedAt: { from: '2026-01-02T00:00:00Z', to: '2026-01-02T00:00:00Z' } },
      'filter.finishedAt goes from 2026-01-02T00:00:00Z to 2026-01-02T00:00:00Z, which is not after it',
    ],
  ];
  for (const [filter, message] of bad) {
    const { errors } = await viewer.ask('query ($f: RunFilter) { runs(filter: $f) { totalCount } }', {
      f: filter,
    });
    expect(errors[0]).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT' } });
    const file = await viewer.fetch(
      `/files/export/runs.csv?filter=${encodeURIComponent(JSON.stringify(filter))}`,
    );
    expect([file.status, await file.json()]).toEqual([400, { error: message }]);
  }
  for (const filter of [
    null,
    { top1: null },
    { top1: { min: null, max: 0.1 } },
    { seed: { min: 1, max: 1 } },
  ]) {
    const { errors } = await viewer.ask(
      'query ($f: RunFilter) { runs(filter: $f) { totalCount } analysis(filter: $f) { count } }',
      { f: filter },
    );
    expect(errors, JSON.stringify(filter)).toBeUndefined();
  }
});

it('a list takes as many statements for fifty rows as for five', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 60 });
  const lists = [
    `runs(first: $first) { totalCount nodes { id notes tags state
      experiment { name model { name summary { groups { name } layers { name } } preprocessing { output } } dataset { name splits { name } } }
      result { top1 loss diverged groups { group after kept savedAlone { macs } } trace { saving } rounds { round } provenance { engine } } events { seq } sampling { matrix { groups accuracy } } } }`,
    'runs(first: $first, order: { by: DROP }) { totalCount nodes { id experiment { name } result { top1 } } }',
    'comparison(most: $first) { count truncated columns { runId name model top1 drop } onFront }',
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

it('what is long of results takes one statement, whichever parts of it are asked for', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  await fillTeam(prisma, viewer.teamId, { runs: 20 });
  const ask = (parts: string) => viewer.ask(`{ runs(first: 20) { nodes { id result { loss ${parts} } } } }`);
  await ask('');
  const narrow = await statements(() => ask(''));
  for (const parts of [
    'groups { group kept }',
    'trace { saving } rounds { round }',
    'groups { after } trace { saving } rounds { round } recovery { recipeHash }',
  ]) {
    const { result, count } = await statements(() => ask(parts));
    expect(result.errors).toBeUndefined();
    expect(count).toBe(narrow.count + 1);
  }
});

/** The same rules as the statement's, in the plainest words. */
// biome-ignore lint/suspicious/noExplicitAny: filters are drawn at random
function matches(run: FullRun, f: any): boolean {
  const among = (value: unknown, list?: { in?: unknown[]; not?: unknown[]; null?: boolean; min?: number }) =>
    (list?.in?.includes(value) ?? true) &&
    !list?.not?.includes(value) &&
    (list?.null === undefined || (value === null) === list.null) &&
    (list?.min === undefined || Number(value) >= list.min);
  const inside = (
    value: number | null,
    range?: { min?: number | null; max?: number | null; null?: boolean },
  ) => {
    const { min = null, max = null, null: isNull } = range ?? {};
    if (isNull !== undefined && (value === null) !== isNull) return false;
    if (min === null && max === null) return true;
    return value !== null && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
  };
  const tags = ({ all = [], any, none = [] }: { all?: string[]; any?: string[]; none?: string[] }) =>
    all.every((tag) => run.tags.includes(tag)) &&
    (any?.some((tag) => run.tags.includes(tag)) ?? true) &&
    !none.some((tag) => run.tags.includes(tag));
  const { experiment, result } = run;
  const named = [run.notes, experiment.name, experiment.model.name];
  const texts = [...named, run.tags.join(' '), experiment.tags.join(' ')].map((text) => text.toLowerCase());
  const number = (value: number | null | undefined) => (Number.isFinite(value) ? (value ?? null) : null);
  return (
    among(run.id, f.id) &&
    among(experiment.projectId, f.project) &&
    among(run.experimentId, f.experiment) &&
    among(experiment.modelId, f.model) &&
    among(experiment.datasetId, f.dataset) &&
    among(run.state.toUpperCase(), f.state) &&
    among(run.allocation, f.allocation) &&
    among(run.criterion, f.criterion) &&
    among(run.metric.toUpperCase(), f.metric) &&
    among(run.engine?.toUpperCase() ?? null, f.engine) &&
    inside(run.share, f.share) &&
    among(run.seed, f.seed) &&
    tags(f.tag ?? {}) &&
    (f.text === undefined || texts.some((text) => text.includes(f.text.toLowerCase()))) &&
    (f.createdAt === undefined || run.createdAt >= new Date(f.createdAt.from)) &&
    among(run.finishedAt, { null: f.finishedAt?.null }) &&
    inside(run.finishedAt && Number(run.finishedAt), {
      min: f.finishedAt?.from && Date.parse(f.finishedAt.from),
      max: f.finishedAt?.to && Date.parse(f.finishedAt.to) - 1,
    }) &&
    among(run.samplingRunId, f.sampling) &&
    among(experiment.benchmarkId, f.benchmark) &&
    among(run.priority, f.priority) &&
    inside(number(result?.top5), f.top5) &&
    inside(result ? Number(result.params) : null, f.params) &&
    inside(result ? Number(result.macs) : null, f.macs) &&
    inside(result?.artifact ? Number(result.artifact.bytes) : null, f.bytes) &&
    inside(number(result?.top1), f.top1) &&
    inside(drop(run), f.drop) &&
    inside(number(result?.loss), f.loss) &&
    inside(number(result?.latencyMs), f.latencyMs) &&
    inside(result?.savedMacs ?? null, f.savedMacs) &&
    inside(result?.savedParams ?? null, f.savedParams) &&
    inside(number(result?.throughput), f.throughput) &&
    Object.entries<never>(f.ratio ?? {}).every(([metric, range]) =>
      inside(ratiosOf(run)[metric] ?? null, range),
    )
  );
}
