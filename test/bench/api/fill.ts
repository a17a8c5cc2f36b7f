import type { Database } from '@espalier/store';

export interface Size {
  /** Of the team that is asked. */
  readonly runs: number;
  readonly points: number;
}

const ALLOCATIONS = ['cie', 'cie-proportional', 'sensitivity', 'greedy', 'global', 'uniform', 'random'];
const TEAMS = 4;
const GROUPS = 100;
const RATIOS = 9;
/** A bit for each of the test images. */
const IMAGES = 10_000;
/** The benchmark that the team has besides: two models by two sections. */
export const BENCHMARK = 'bench_0';
const SPEC = {
  grid: '0.1:0.9:0.1',
  sections: ['As cut', 'As cut, other units'].map((title, i) => ({
    title,
    strategies: ALLOCATIONS.map((allocation) => `${allocation}:l${i + 1}`),
    targets: ['macs=0.3', 'macs=0.5', 'macs=0.7', 'macs=0.9'],
    seeds: [0, 1, 2],
  })),
};

/**
 * Fills a migrated database by statements that make their rows within it: team `team_0` with the runs that are
 * asked for and a benchmark of 144 more, three others with a quarter of them each, and sampled points for all.
 */
export async function fill({ pool }: Database, { runs, points }: Size): Promise<void> {
  const samplings = Math.ceil(points / (GROUPS * RATIOS));
  const hash = 'ab'.repeat(32);
  const statements: [string, unknown[]?][] = [
    ['SELECT setseed(0.5)'],
    [`INSERT INTO "Artifact" ("sha256", "bytes", "mediaType") VALUES ($1, 1, 'application/onnx')`, [hash]],
    [
      `INSERT INTO "Team" ("id", "slug", "name") SELECT 'team_' || t, 'team-' || t, 'Team ' || t FROM generate_series(0, ${TEAMS - 1}) t`,
    ],
    [
      `INSERT INTO "Project" ("id", "teamId", "name")
       SELECT format('proj_%s_%s', t, i), 'team_' || t, 'Project ' || i
       FROM generate_series(0, ${TEAMS - 1}) t, generate_series(0, 4) i`,
    ],
    [
      `INSERT INTO "Model" ("id", "teamId", "projectId", "name", "sha256", "networkHash", "params", "macs", "summary")
       SELECT format('model_%s_%s', t, i), 'team_' || t, format('proj_%s_%s', t, i % 5), 'Network ' || i, $1, 'n' || i, 272474, 40813184,
         jsonb_build_object('groups', (SELECT jsonb_agg(jsonb_build_object('id', 'group' || g, 'width', 64)) FROM generate_series(1, ${GROUPS}) g))
       FROM generate_series(0, ${TEAMS - 1}) t, generate_series(0, 19) i`,
      [hash],
    ],
    [
      `INSERT INTO "Dataset" ("id", "teamId", "name", "builtIn", "hash", "classes")
       SELECT format('data_%s_%s', t, i), 'team_' || t, 'Data ' || i, 'cifar10', 'h' || i, ARRAY['a', 'b']
       FROM generate_series(0, ${TEAMS - 1}) t, generate_series(0, 2) i`,
    ],
    [
      `INSERT INTO "BaseEvaluation" ("id", "modelId", "datasetHash", "split", "top1", "loss", "images")
       SELECT format('eval_%s_%s', m."id", d), m."id", 'h' || d, 'test', 0.9 + random() / 20, 0.3, 10000
       FROM "Model" m, generate_series(0, 2) d`,
    ],
    [
      `INSERT INTO "Experiment" ("id", "teamId", "projectId", "modelId", "datasetId", "name", "samples", "grid", "seed")
       SELECT format('exp_%s_%s', t, lpad(i::text, 3, '0')), 'team_' || t, format('proj_%s_%s', t, i % 5), format('model_%s_%s', t, i % 20),
         format('data_%s_%s', t, i % 3), 'Experiment ' || i, 1000, ARRAY[0.5], 0
       FROM generate_series(0, ${TEAMS - 1}) t, generate_series(0, 99) i`,
    ],
    [
      `INSERT INTO "SamplingRun" ("id", "key", "modelId", "datasetId", "networkHash", "datasetHash", "criterion", "grid", "samples", "seed", "state", "groups")
       SELECT 'sample_' || i, 'k' || i, 'model_0_0', 'data_0_0', 'n0', 'h0', 'l1', (SELECT array_agg(r / 10.0) FROM generate_series(1, ${RATIOS}) r), 1000, i, 'done',
         (SELECT jsonb_agg(jsonb_build_object('id', 'group' || g, 'width', 64)) FROM generate_series(1, ${GROUPS}) g)
       FROM generate_series(0, ${samplings - 1}) i`,
    ],
    [
      `INSERT INTO "SamplePoint" ("samplingRunId", "groupIndex", "ratioIndex", "removed", "top1", "loss", "images", "standardError")
       SELECT 'sample_' || i, g, r, r * 6, random(), random(), 1000, 0.01
       FROM generate_series(0, ${samplings - 1}) i, generate_series(0, ${GROUPS - 1}) g, generate_series(0, ${RATIOS - 1}) r`,
    ],
    [
      `INSERT INTO "ContributionMatrix" ("samplingRunId", "drop", "monotoneDrop", "contribution", "importance")
       SELECT "id", x.a, x.a, x.a, x.a[1:${GROUPS}] FROM "SamplingRun", (SELECT array_agg(random()) a FROM generate_series(1, ${GROUPS * RATIOS})) x`,
    ],
    [
      `INSERT INTO "Run" ("id", "teamId", "experimentId", "samplingRunId", "allocation", "criterion", "metric", "share", "seed", "state", "notes", "tags", "createdAt")
       SELECT format('run_%s_%s', t, lpad(i::text, 6, '0')), 'team_' || t, format('exp_%s_%s', t, lpad((i % 100)::text, 3, '0')), 'sample_' || (i % ${samplings}),
         (ARRAY['cie', 'uniform', 'random'])[1 + i % 3], (ARRAY['l1', 'l2'])[1 + i % 2], 'macs', (1 + i % 9) / 10.0, i % 5, 'finished',
         CASE WHEN i % 10 = 0 THEN 'worth a second look' ELSE '' END, CASE WHEN i % 7 = 0 THEN ARRAY['paper'] ELSE '{}' END,
         timestamptz '2026-01-01' + i * interval '1 minute'
       FROM generate_series(0, ${TEAMS - 1}) t, generate_series(0, ${runs - 1}) i WHERE t = 0 OR i < ${Math.ceil(runs / 4)}`,
    ],
    [
      `INSERT INTO "Benchmark" ("id", "teamId", "name", "spec") VALUES ($1, 'team_0', 'Strategies', $2)`,
      [BENCHMARK, SPEC],
    ],
    [
      `INSERT INTO "Experiment" ("id", "teamId", "projectId", "modelId", "datasetId", "name", "samples", "grid", "seed", "benchmarkId", "section")
       SELECT format('exp_bench_%s_%s', m, s), 'team_0', 'proj_0_0', format('model_0_%s', m), 'data_0_0', format('Strategies %s %s', m, s), 1000, ARRAY[0.5], 0, $1, s
       FROM generate_series(0, 1) m, generate_series(0, 1) s`,
      [BENCHMARK],
    ],
    [
      `INSERT INTO "Run" ("id", "teamId", "experimentId", "allocation", "criterion", "metric", "share", "seed", "state")
       SELECT concat_ws('_', 'run_0_bench', m, s, a, share, seed), 'team_0', format('exp_bench_%s_%s', m, s), a, 'l' || s + 1, 'macs', share, seed, 'finished'
       FROM generate_series(0, 1) m, generate_series(0, 1) s, unnest($1::text[]) a, unnest(ARRAY[0.3, 0.5, 0.7, 0.9]) share, generate_series(0, 2) seed
       WHERE seed = 0 OR a = 'random'`,
      [ALLOCATIONS],
    ],
    [
      `INSERT INTO "PrunedResult" ("runId", "sha256", "networkHash", "params", "macs", "savedParams", "savedMacs", "structure", "trace",
         "prunedTop1", "prunedLoss", "top1", "top5", "loss", "images", "prunedHits", "hits", "latencyMs", "baseLatencyMs", "provenance", "seconds")
       SELECT r."id", $1, r."id", 100000 + (random() * 100000)::int, 10000000 + (random() * 30000000)::int, random(), random(), s.structure, s.trace,
         random(), random(), random(), 0.99, random(), ${IMAGES}, h."hits", h."hits", 1 + random(), 2, '{}', '{}'
       FROM "Run" r
       CROSS JOIN LATERAL (
         SELECT decode(left(string_agg(md5(r."id" || i), ''), ${IMAGES / 4}), 'hex') AS "hits" FROM generate_series(1, ${Math.ceil(IMAGES / 128)}) i
       ) h, (SELECT jsonb_agg(jsonb_build_object('group', 'group' || g, 'before', 64, 'after', 32, 'kept', (SELECT jsonb_agg(k) FROM generate_series(1, 32) k))) "structure",
           (SELECT jsonb_agg(jsonb_build_object('threshold', 1.0 / p, 'saving', p / 20.0, 'kind', 'bisect', 'widths', (SELECT jsonb_agg(64 - 3 * p - w % 2) FROM generate_series(1, ${GROUPS}) w))) FROM generate_series(1, 16) p) "trace"
         FROM generate_series(1, ${GROUPS}) g) s`,
      [hash],
    ],
    [
      `INSERT INTO "RunEvent" ("runId", "seq", "kind", "data")
       SELECT "id", s, 'state', '{"state": "cutting"}' FROM "Run", generate_series(1, 8) s`,
    ],
    ['ANALYZE'],
  ];
  const client = await pool.connect();
  try {
    for (const [text, values] of statements) await client.query(text, values ?? []);
  } finally {
    client.release();
  }
}
