import { expect, it } from 'vitest';
import { startPlatform } from './platform.ts';
import { fillTeam } from './runs-data.ts';
import { CIE, fillByHand, finishedRun, RANDOM, UNIFORM } from './strategies-data.ts';

const QUERY = `query ($filter: RunFilter!, $chosen: [ID!]!) {
  analysis(filter: $filter) {
    count truncated lacking { nodes { id } totalCount } groupCount
    groups(first: 20) {
      name model { id name } dataset { id name } baseTop1 count runs(first: 100) { nodes { id } totalCount }
      comparability { verdict reasons { rule } badges { name earned text } results }
      front { id } latency: front(of: TOP5, against: LATENCY_MS) { id }
      ranks {
        points { metric share shared apart savedFrom savedTo }
        strategies { strategy { allocation criterion } meanRank overall { mean deviation n } points { rank mean deviation n } }
      }
      areas { from to strategies { strategy { allocation criterion } runs area mean } }
      matches { a { allocation criterion } b { allocation criterion } wins ties losses untested uncompared apart meetings difference }
      strict: matches(level: 0.001) { wins ties losses }
      small: best(budget: { metric: MACS, most: 600 }) { run { id } strategy { allocation } share seed top1 macs }
      large: best(budget: { metric: MACS, most: 700 }) { run { id } top1 macs params latencyMs }
      none: best(budget: { metric: LATENCY_MS, most: 700 }) { run { id } }
    }
    pairs(runIds: $chosen) {
      a { id } b { id } verdict apart reasons { rule }
      test { b c images difference standardError p }
      similarity { widths units groups { group widths } }
    }
    relative {
      strategy { allocation criterion } metric share runs bases
      savedMacs { mean } savedParams { mean } change { mean deviation n }
    }
  }
}`;

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly totalCount: number;
}

const idsOf = (nodes: Page['nodes']) => nodes.map(({ id }) => id);

it('says of strategies what can be worked out by hand', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  const stranger = await member('viewer');
  await fillTeam(prisma, stranger.teamId, { runs: 20 });
  await fillByHand(prisma, viewer.teamId);
  const ask = () =>
    viewer.ask(QUERY, { filter: {}, chosen: ['run_cie_30_0', 'run_uniform_30_0', 'run_tuned', 'run_none'] });
  await ask();
  const { result, count } = await statements(ask);
  expect(result.errors).toBeUndefined();
  expect(count).toBeLessThanOrEqual(8);
  const { groups, pairs, relative, ...rest } = result.data.analysis;
  expect(rest).toEqual({
    count: 10,
    truncated: false,
    lacking: { nodes: [{ id: 'run_without_accuracy' }], totalCount: 1 },
    groupCount: 2,
  });
  const [plain, tuned] = groups;
  expect(groups).toHaveLength(2);

  expect(plain).toMatchObject({
    name: 'Net on Pictures, 100 test images, not fine-tuned',
    ...{
      model: { id: 'model_h', name: 'Net' },
      dataset: { id: 'data_h', name: 'Pictures' },
      baseTop1: 0.9,
      count: 8,
    },
    comparability: { verdict: 'RESERVATIONS', reasons: [{ rule: 'SAVING' }], results: 8 },
  });
  expect(plain.comparability.badges[2].text).toBe('not run: global, the same structure trained from scratch');
  expect(tuned).toMatchObject({
    name: 'Net on Pictures, 100 test images, recipe abcdef0',
    runs: { nodes: [{ id: 'run_tuned' }], totalCount: 1 },
    comparability: { verdict: 'COMPARABLE', reasons: [] },
    matches: [],
  });
  // Nothing is as accurate as 0.80 at 700 MACs, or as 0.70 at 500. Neither latencies nor top-5 are known.
  expect(idsOf(plain.front).toSorted()).toEqual(['run_cie_30_0', 'run_uniform_50_0']);
  expect(plain.latency).toEqual([]);
  expect(plain.small).toEqual({
    ...{
      run: { id: 'run_uniform_50_0' },
      strategy: { allocation: 'uniform' },
      share: 0.5,
      seed: 0,
      top1: 0.7,
    },
    macs: 500,
  });
  expect(plain.large).toEqual({
    run: { id: 'run_cie_30_0' },
    top1: 0.8,
    macs: 700,
    params: 70,
    latencyMs: null,
  });
  expect(plain.none).toBeNull();

  // 30 %: means of seeds 0.775, 0.70, 0.60. 50 %: 0.64, 0.70, 0.50.
  expect(plain.ranks.points).toEqual([
    { metric: 'MACS', share: 0.3, shared: true, apart: null, savedFrom: 0.3, savedTo: 0.3 },
    { metric: 'MACS', share: 0.5, shared: true, apart: null, savedFrom: 0.5, savedTo: 0.5 },
  ]);
  const close = (value: number) => expect.closeTo(value, 12);
  expect(plain.ranks.strategies).toEqual([
    {
      ...{ strategy: CIE, meanRank: 1.5, overall: { mean: close(0.72), deviation: null, n: 1 } },
      points: [
        { rank: 1, mean: close(0.775), deviation: close(0.05 / Math.SQRT2), n: 2 },
        { rank: 2, mean: 0.64, deviation: null, n: 1 },
      ],
    },
    {
      ...{ strategy: UNIFORM, meanRank: 1.5, overall: { mean: close(0.7), deviation: null, n: 1 } },
      points: [
        { rank: 2, mean: 0.7, deviation: 0, n: 2 },
        { rank: 1, mean: 0.7, deviation: null, n: 1 },
      ],
    },
    {
      ...{ strategy: RANDOM, meanRank: 3, overall: { mean: close(0.55), deviation: null, n: 1 } },
      points: [
        { rank: 3, mean: 0.6, deviation: null, n: 1 },
        { rank: 3, mean: 0.5, deviation: null, n: 1 },
      ],
    },
  ]);
  // From (0, 0.9): 0.3 x (0.9 + 0.775) / 2 + 0.2 x (0.775 + 0.64) / 2, and so on.
  expect(plain.areas).toEqual({
    ...{ from: 0, to: 0.5 },
    strategies: [
      { strategy: CIE, runs: 3, area: close(0.39275), mean: close(0.7855) },
      { strategy: UNIFORM, runs: 3, area: close(0.38), mean: close(0.76) },
      { strategy: RANDOM, runs: 2, area: close(0.335), mean: close(0.67) },
    ],
  });
  // 10 images more and none less: p = 2 / 2^10. 5 more: 2 / 2^5. 6 less: 2 / 2^6.
  const matches = new Map(
    plain.matches.map((match: { a: object; b: object }) => [JSON.stringify([match.a, match.b]), match]),
  );
  const between = (a: object, b: object) =>
    matches.get(JSON.stringify([a, b])) ?? mirrored(matches.get(JSON.stringify([b, a])));
  expect(between(CIE, UNIFORM)).toMatchObject({ wins: 1, ties: 1, losses: 1, untested: 0, meetings: 3 });
  // The hits of one of the random ones were not kept.
  expect(between(CIE, RANDOM)).toMatchObject({ wins: 1, ties: 0, losses: 0, untested: 1, meetings: 2 });
  // At 0.001 ten images more are not enough, twenty are: p = 2 / 2^20.
  expect(
    plain.strict.map(({ wins, losses }: { wins: number; losses: number }) => wins + losses).toSorted(),
  ).toEqual([0, 0, 1]);

  expect(pairs).toEqual([
    {
      ...{ a: { id: 'run_cie_30_0' }, b: { id: 'run_uniform_30_0' } },
      ...{ verdict: 'COMPARABLE', reasons: [], apart: null },
      test: {
        b: 10,
        c: 0,
        images: 100,
        difference: 0.1,
        standardError: close(Math.sqrt(0.09 / 99)),
        p: 2 / 1024,
      },
      similarity: {
        ...{ widths: 0.625, units: 0.375 },
        groups: [
          { group: 'conv1', widths: 0.75 },
          { group: 'conv2', widths: 0.5 },
        ],
      },
    },
    {
      ...{ a: { id: 'run_cie_30_0' }, b: { id: 'run_tuned' }, verdict: 'NOT_COMPARABLE' },
      reasons: [{ rule: 'RECIPE' }, { rule: 'SAVING' }],
      ...{ test: null, apart: close(0.2) },
      similarity: expect.objectContaining({ widths: 1, units: 1 }),
    },
    expect.objectContaining({ a: { id: 'run_uniform_30_0' }, b: { id: 'run_tuned' } }),
  ]);
  // As cut 0.64 against 0.9, fine-tuned 0.85: two strategies.
  expect(
    relative.map(({ strategy, share }: { strategy: object; share: number }) => [strategy, share]),
  ).toEqual([
    [CIE, 0.3],
    [CIE, 0.5],
    [CIE, 0.6],
    [CIE, 0.5],
    [UNIFORM, 0.3],
    [UNIFORM, 0.5],
    [RANDOM, 0.3],
    [RANDOM, 0.5],
  ]);
  const first = await viewer.ask('{ analysis { groupCount groups(first: 1) { count } } }');
  expect(first.data.analysis).toEqual({ groupCount: 2, groups: [{ count: 8 }] });
  expect(relative[0]).toMatchObject({ runs: 2, bases: 1, change: { mean: close(-0.125), n: 2 } });
  expect(relative[1]).toMatchObject({ runs: 1, bases: 1, change: { mean: close(-0.26), n: 1 } });
  expect(relative[3]).toMatchObject({ runs: 1, bases: 1, change: { mean: close(-0.05), n: 1 } });
  expect(relative[2]).toMatchObject({ runs: 1, savedMacs: { mean: 0.6 }, change: null });
});

it('equal networks are one result, and no winner is named where savings differ', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillByHand(prisma, viewer.teamId);
  const result = (runId: string, data: object) => prisma.prunedResult.update({ where: { runId }, data });
  // Seed 1 gave the same networks once more; at 50 % uniform removed 57 %.
  const { hits } = await prisma.prunedResult.findUniqueOrThrow({ where: { runId: 'run_cie_30_0' } });
  await result('run_cie_30_1', { networkHash: 'run_cie_30_0', top1: 0.8, hits });
  await result('run_uniform_30_1', { networkHash: 'run_uniform_30_0' });
  await result('run_uniform_50_0', { savedMacs: 0.57 });
  const ask = async () => {
    const chosen = ['run_cie_50_0', 'run_uniform_50_0'];
    const { data } = await viewer.ask(QUERY, { filter: { experiment: { in: ['exp_plain'] } }, chosen });
    return { ...data.analysis, group: data.analysis.groups[0] };
  };
  const { group, pairs, relative } = await ask();
  const of = ({ allocation, criterion }: typeof CIE) => allocation + criterion;
  const [cie, uniform] = [CIE, UNIFORM].map((strategy) =>
    group.ranks.strategies.find((row: { strategy: typeof CIE }) => of(row.strategy) === of(strategy)),
  );
  const close = (value: number) => expect.closeTo(value, 12);
  expect(group.ranks.points.map(({ apart }: { apart: number | null }) => apart)).toEqual([null, close(0.07)]);
  expect(cie).toMatchObject({ meanRank: 1, overall: { n: 1, mean: 0.8, deviation: null } });
  expect(cie.points).toEqual([
    { rank: 1, mean: 0.8, deviation: null, n: 1 },
    { rank: null, mean: 0.64, deviation: null, n: 1 },
  ]);
  expect(uniform.points.map(({ rank, n }: { rank: number; n: number }) => [rank, n])).toEqual([
    [2, 1],
    [null, 1],
  ]);
  const met = group.matches.find(
    (match: { a: typeof CIE; b: typeof CIE }) =>
      [of(match.a), of(match.b)].toSorted().join() === 'ciel1,uniforml1',
  );
  expect(met).toMatchObject({ ties: 0, untested: 0, uncompared: 1, apart: close(0.07), meetings: 2 });
  expect([met.wins + met.losses, Math.abs(met.difference)]).toEqual([1, close(0.1)]);
  expect(group.areas.strategies.map(({ runs }: { runs: number }) => runs)).toEqual([2, 2, 2]);
  expect(relative[0]).toMatchObject({ strategy: CIE, runs: 1, change: { n: 1 } });
  expect(pairs).toMatchObject([{ test: null, apart: close(0.07) }]);
  const compressed = await viewer.ask(
    '{ compression(budgets: [1]) { rows { recipe { epochs } runs networks } } }',
  );
  expect(compressed.data.compression.rows).toContainEqual({ recipe: null, runs: 9, networks: 7 });

  // Equal weights that see their images otherwise are another network.
  const model = await prisma.model.findUniqueOrThrow({
    where: { id: 'model_h' },
    omit: { id: true, readAs: true },
  });
  const copy = {
    ...model,
    id: 'model_other',
    name: 'Other',
    summary: {},
    metadata: { input: { mean: [1] } },
  };
  await prisma.model.create({ data: copy });
  await prisma.experiment.update({
    where: { id: 'exp_tuned' },
    data: { modelId: 'model_other', recipeHash: null },
  });
  const both = await viewer.ask('{ analysis { groups { count } } }');
  expect(both.data.analysis.groups).toEqual([{ count: 8 }, { count: 1 }]);
});

it('networks of different runs are files of different names', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillByHand(prisma, viewer.teamId);
  const run = { teamId: viewer.teamId, experimentId: 'exp_plain', ...CIE, share: 0.3, seed: 0 };
  const allocation = `manual(${Array.from({ length: 40 }, (_, i) => `conv${i}=0.5`).join(';')})`;
  await finishedRun(prisma, { id: 'run_by_hand', ...run, allocation }, 60);
  const { data } = await viewer.ask(
    '{ runs(filter: { state: { in: [FINISHED] } }) { nodes { id result { downloadUrl } } } }',
  );
  type Node = { readonly id: string; readonly result: { readonly downloadUrl: string } };
  const names = new Map(
    data.runs.nodes.map(({ id, result }: Node) => {
      return [id, new URL(result.downloadUrl, 'http://localhost').searchParams.get('name')];
    }),
  );
  expect(new Set(names.values()).size).toBe(11);
  expect(names.get('run_cie_30_0')).toBe('Net-cie-l1-macs-0.3-seed-0-cie_30_0');
});

const LIMITS = { align: 'auto', minWidth: 1, maxRatio: 0.9, keep: [] };
const NAMED = 'strategy { key name }';
const BY_STRATEGY = `{ analysis {
  groups { name comparability { reasons { rule } } ranks { strategies { ${NAMED} points { mean n } } }
    areas { strategies { ${NAMED} runs } } matches { a { name } b { name } meetings wins losses } }
  relative { ${NAMED} share runs }
} comparison { columns { id: runId name strategy strategyKey settingKey } } }`;

it.each([
  // As all of before were.
  ['cie · l1 · any widths', { limits: { ...LIMITS, align: 1 } }],
  ['cie · l1 · widths of 8', { limits: { ...LIMITS, align: 8 } }],
  ['cie · l1 · at least 4 wide', { limits: { ...LIMITS, minWidth: 4 } }],
  ['cie · l1 · at most 50 %', { limits: { ...LIMITS, maxRatio: 0.5 } }],
  ['cie · l1 · conv1 whole', { limits: { ...LIMITS, keep: ['conv1'] } }],
  ['cie · l1 · 4 rounds', { rounds: 4 }],
  [expect.stringMatching(/^cie · l1 · 4 rounds, recovered by /), { rounds: 4, recovery: { epochs: 1 } }],
])('runs that differ from others in one setting are another strategy: %s', async (name, edits) => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillByHand(prisma, viewer.teamId);
  const run = { teamId: viewer.teamId, experimentId: 'exp_plain', ...CIE, share: 0.3, seed: 0, ...edits };
  await finishedRun(prisma, { id: 'run_other_a', ...run }, 60);
  // The same once more is a repetition, another seed is not.
  await finishedRun(prisma, { id: 'run_other_b', ...run }, 40);
  await finishedRun(prisma, { id: 'run_other_c', ...run, seed: 1 }, 65);
  const { data } = await viewer.ask(BY_STRATEGY);
  const [{ ranks, areas, matches, comparability }] = data.analysis.groups;
  type Row = { strategy: { key: string; name: string } };
  const [plain, other] = ['cie · l1', name].map((each) =>
    ranks.strategies.find(({ strategy }: Row) =>
      expect.objectContaining({ name: each }).asymmetricMatch(strategy),
    ),
  );
  expect(ranks.strategies).toHaveLength(4);
  expect(plain.points[0]).toEqual({ mean: expect.closeTo(0.775, 12), n: 2 });
  // The first of the repetitions counts, and the newest stands first.
  expect(other.points[0]).toEqual({ mean: expect.closeTo((0.4 + 0.65) / 2, 12), n: 2 });
  expect(new Set(ranks.strategies.map(({ strategy }: Row) => strategy.key)).size).toBe(4);
  expect(areas.strategies).toContainEqual({ strategy: other.strategy, runs: 3 });
  expect(areas.strategies).toContainEqual({ strategy: plain.strategy, runs: 3 });
  expect(matches).toHaveLength(6);
  const [met] = matches.filter(
    ({ a, b }: Record<'a' | 'b', Row['strategy']>) =>
      [a.name, b.name].includes(plain.strategy.name) && [a.name, b.name].includes(other.strategy.name),
  );
  expect(met).toMatchObject({ meetings: 2 });
  expect(met.wins + met.losses).toBe(2);
  // Only training draws something by the seed here, and the random units, which have one.
  const rules = comparability.reasons.map(({ rule }: { rule: string }) => rule);
  expect(rules.includes('SEEDS')).toBe('recovery' in edits);
  expect(data.analysis.relative).toContainEqual({ strategy: other.strategy, share: 0.3, runs: 3 });
  const { id, settingKey, strategyKey, strategy } = data.comparison.columns;
  const at = (run: string, column: string[]) => column[id.indexOf(run)];
  expect(at('run_other_a', settingKey)).toBe(at('run_other_c', settingKey));
  expect(at('run_other_a', settingKey)).not.toBe(at('run_cie_30_0', settingKey));
  expect(at('run_cie_30_0', settingKey)).not.toBe(at('run_cie_50_0', settingKey));
  expect(at('run_cie_30_0', strategyKey)).toBe(at('run_cie_50_0', strategyKey));
  expect(at('run_other_a', strategyKey)).toBe(other.strategy.key);
  expect(at('run_other_a', strategy)).toEqual(name);
  const { data: one } = await viewer.ask(
    '{ run(id: "run_other_a") { name strategy { key name allocation criterion } } }',
  );
  expect(one.run).toEqual({
    name: `${at('run_other_a', strategy)} · 30 % MACs · seed 0`,
    strategy: { ...other.strategy, ...CIE },
  });
});

it('runs on images that other rules decoded are in a group of their own, without the base of the new', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillByHand(prisma, viewer.teamId);
  const old = { runId: { startsWith: 'run_uniform' } };
  await prisma.prunedResult.updateMany({ where: old, data: { decoding: 1 } });
  const { data } = await viewer.ask(QUERY, { filter: {}, chosen: ['run_cie_30_0', 'run_uniform_30_0'] });
  const { groups, pairs } = data.analysis;
  expect(groups.map(({ name, baseTop1 }: { name: string; baseTop1: number }) => [name, baseTop1])).toEqual([
    ['Net on Pictures, 100 test images, not fine-tuned', 0.9],
    ['Net on Pictures, 100 test images, decoded by other rules than now, not fine-tuned', null],
    ['Net on Pictures, 100 test images, recipe abcdef0', 0.9],
  ]);
  expect(pairs).toMatchObject([{ verdict: 'NOT_COMPARABLE', reasons: [{ rule: 'DECODING' }], test: null }]);
});

it('runs that are recalibrated or fine-tuned otherwise are in groups of their own, and other strategies', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillByHand(prisma, viewer.teamId);
  await prisma.experiment.update({ where: { id: 'exp_tuned' }, data: { recalibrate: 500 } });
  const { data } = await viewer.ask(BY_STRATEGY);
  const { groups, relative } = data.analysis;
  expect(groups.map(({ name }: { name: string }) => name)).toEqual([
    'Net on Pictures, 100 test images, not fine-tuned',
    'Net on Pictures, 100 test images, recipe abcdef0, BatchNorm recalibrated on 500 images',
  ]);
  const strategies = groups.map(({ ranks }: { ranks: { strategies: object[] } }) => ranks.strategies);
  expect(strategies[1]).toMatchObject([{ strategy: { name: 'cie · l1' } }]);
  const names = relative.map(({ strategy }: { strategy: { name: string } }) => strategy.name);
  expect(names).toContain('cie · l1, recipe abcdef0, BatchNorm recalibrated on 500 images');
  expect(names).toContain('cie · l1');
});

it('looks at finished runs only, and takes as many statements for many as for few', async () => {
  const { member, prisma, statements } = await startPlatform();
  const viewer = await member('viewer');
  const { runIds } = await fillTeam(prisma, viewer.teamId, { runs: 300 });
  const all = await viewer.ask(QUERY, { filter: {}, chosen: [] });
  const finished = await prisma.run.count({ where: { teamId: viewer.teamId, state: 'finished' } });
  expect(all.data.analysis.count).toBe(finished);
  const { groups, lacking } = all.data.analysis;
  const lists: Page[] = [...groups.map(({ runs }: { runs: Page }) => runs), lacking];
  expect(lists.reduce((sum, { totalCount }) => sum + totalCount, 0)).toBe(finished);
  const shown = lists.flatMap(({ nodes }) => idsOf(nodes));
  expect(new Set(shown).size).toBe(shown.length);
  for (const { comparability, count } of groups) {
    expect(comparability).toMatchObject({ results: count });
    expect(comparability.verdict).not.toBe('NOT_COMPARABLE');
  }
  const queued = await viewer.ask(QUERY, { filter: { state: { in: ['QUEUED'] } }, chosen: [] });
  expect(queued.data.analysis).toMatchObject({ count: 0, groups: [], relative: [] });
  const counts: number[] = [];
  for (const ids of [runIds.slice(0, 20), runIds]) {
    const { count } = await statements(() =>
      viewer.ask(QUERY, { filter: { id: { in: ids } }, chosen: ids.slice(0, 10) }),
    );
    counts.push(count);
  }
  expect(counts[1]).toBeLessThanOrEqual(8);
  expect(counts[1]).toBe(counts[0]);
});

it('reads the runs of a group page by page', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  await fillByHand(prisma, viewer.teamId);
  const read = async (args: string) => {
    const { data, errors } = await viewer.ask(
      `{ analysis { groups(first: 1) { runs(${args}) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } } } }`,
    );
    return errors?.[0].message ?? data.analysis.groups[0].runs;
  };
  const whole = await read('first: 100');
  expect(whole.totalCount).toBe(8);
  const first = await read('first: 5');
  expect(first).toMatchObject({ totalCount: 8, pageInfo: { hasNextPage: true } });
  const rest = await read(`first: 5, after: "${first.pageInfo.endCursor}"`);
  expect(rest.pageInfo.hasNextPage).toBe(false);
  expect([...first.nodes, ...rest.nodes]).toEqual(whole.nodes);
  expect(await read('after: "run_none"')).toMatch(/after is not a cursor/);
});

it('refuses what cannot be asked', async () => {
  const { member, prisma } = await startPlatform();
  const viewer = await member('viewer');
  const { runIds } = await fillTeam(prisma, viewer.teamId, { runs: 60 });
  for (const [fields, message] of [
    [`pairs(runIds: ${JSON.stringify(runIds.slice(0, 13))}) { apart }`, /at most 12 runs/],
    ['groups(first: 21) { name }', /first is from 1 to 20, not 21/],
    ['groups { matches(level: 1) { wins } }', /level must be between 0 and 1, not 1/],
    ['groups { best(budget: { metric: MACS, most: 0 }) { run { id } } }', /a budget is above 0, not 0/],
  ] as const) {
    const { errors } = await viewer.ask(`{ analysis { ${fields} } }`);
    expect(errors[0]).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
});

// biome-ignore lint/suspicious/noExplicitAny: an answer
function mirrored(match: any) {
  return match && { ...match, wins: match.losses, losses: match.wins };
}
