import {
  type BaseResult,
  conditions,
  type ItemResult,
  itemName,
  itemsOf,
  type Benchmark as Spec,
  summarise,
  tablesOf,
} from '@espalier/benchmark';
import { settingKey } from '@espalier/pipeline';
import { type Conditions, planOf } from '@espalier/runs';
import type { BaseEvaluation, Benchmark, Experiment, PrunedResult, Run } from '@espalier/store';
import { readSetting } from '../compare/setting.ts';
import type { Context } from '../graphql/context.ts';
import { nodesAt } from '../nodes/nodes.ts';
import { RUN } from '../runs/run-tables.ts';
import { plannedOf } from './benchmarks.ts';
import { shownRow } from './section-types.ts';

/** What a section says of one model so far. */
export type BenchmarkSection = Awaited<ReturnType<typeof benchmarkSections>>[number];

/** The tables of a benchmark from the runs that are finished, in four statements however many they are. */
export async function benchmarkSections(context: Context, benchmark: Benchmark) {
  const { prisma } = context.database;
  const experiments = await prisma.$queryRaw<Part[]>`
    SELECT e."id", e."modelId", e."section", d."hash" AS "datasetHash", e."grid", e."samples", e."seed",
      e."allowInexact", e."recipe", e."recipeHash", e."recalibrate", e."repair", e."limits",
      e."profileId", (SELECT x."sha256" FROM "DeviceProfile" x WHERE x."id" = e."profileId") AS "profileHash"
    FROM "Experiment" e JOIN "Dataset" d ON d."id" = e."datasetId"
    JOIN "Project" j ON j."id" = e."projectId" AND j."deletedAt" IS NULL
    WHERE e."benchmarkId" = ${benchmark.id} AND e."deletedAt" IS NULL ORDER BY e."id"`;
  const modelIds = [...new Set(experiments.map(({ modelId }) => modelId))];
  if (modelIds.length === 0) return [];
  const spec = plannedOf(benchmark, modelIds);
  const [models, all, evaluations] = await Promise.all([
    nodesAt('model', context, modelIds),
    prisma.$queryRaw<RunRow[]>`
      SELECT r."experimentId", ${RUN.setting} AS "setting", r."seed", r."state"::text, r."share", r."targetMs",
        p."networkHash", p."params", p."macs", p."savedParams", p."savedMacs", p."savedLatency", p."prunedTop1", p."prunedLoss", p."prunedHits",
        p."repairedTop1", p."repairedLoss", p."repairedHits",
        p."top1", p."top5", p."loss", p."images", p."hits", p."decoding"
      FROM "Run" r JOIN "Experiment" e ON e."id" = r."experimentId" LEFT JOIN "PrunedResult" p ON p."runId" = r."id"
      WHERE r."experimentId" = ANY(${experiments.map(({ id }) => id)}) AND r."deletedAt" IS NULL`,
    prisma.baseEvaluation.findMany({
      where: { modelId: { in: modelIds }, split: 'test' },
      orderBy: { createdAt: 'desc' },
    }),
  ]);
  // Of images that were decoded by other rules than the newest ones nothing is compared with them.
  const decoding = Math.max(...all.map((run) => run.decoding ?? 0));
  const runs = all.filter((run) => run.decoding === null || run.decoding === decoding);
  const bases = new Map<string, BaseResult>();
  for (const { modelId, datasetHash } of experiments) {
    const model = models.find((each) => each.id === modelId);
    const found = evaluations.find(
      (each) => each.modelId === modelId && each.datasetHash === datasetHash && each.decoding === decoding,
    );
    const quality = found && baseQuality(found);
    if (quality && model) {
      bases.set(modelId, { ...quality, params: Number(model.params), macs: Number(model.macs) });
    }
  }
  return spec.sections.flatMap((section, place) =>
    experiments
      .filter((experiment) => experiment.section === place)
      .map((experiment) => {
        const { id, modelId } = experiment;
        const own = runs.filter(({ experimentId }) => experimentId === id);
        const part = { ...spec, models: [{ name: modelId, file: '' }], sections: [section] };
        const [summary] = summarise(part, { bases, items: resultsOf(part, experiment, own) });
        if (!summary) throw new Error('a section of a model has a summary');
        const { reference, rows, duels, missing } = summary;
        return {
          ...{ title: section.title, conditions: conditions(section), modelId, experimentId: id, missing },
          failed: own.filter(({ state }) => state === 'failed' || state === 'cancelled').length,
          tables: tablesOf(summary),
          ...{ reference, rows: rows.map(shownRow), duels },
        };
      }),
  );
}

/** An experiment of a benchmark. */
interface Part extends Conditions, Pick<Experiment, 'recipeHash'> {
  readonly id: string;
  readonly modelId: string;
  readonly section: number | null;
  readonly datasetHash: string;
  /** Of the file of its device profile; null without one. */
  readonly profileHash: string | null;
}

/** A run, and of its result what tables are made of; all null if there is none. */
type RunRow = Pick<Run, 'experimentId' | 'seed' | 'state' | 'share' | 'targetMs'> & {
  readonly setting: string;
} & {
  readonly [Key in ResultColumn]: PrunedResult[Key] | null;
};

type ResultColumn =
  | 'networkHash'
  | 'params'
  | 'macs'
  | 'savedParams'
  | 'savedMacs'
  | 'savedLatency'
  | 'prunedTop1'
  | 'prunedLoss'
  | 'prunedHits'
  | 'repairedTop1'
  | 'repairedLoss'
  | 'repairedHits'
  | 'top1'
  | 'top5'
  | 'loss'
  | 'images'
  | 'hits'
  | 'decoding';

/** By the names that their items have. Runs that somebody added with other limits or rounds are none of them. */
function resultsOf(part: Spec, experiment: Part, runs: readonly RunRow[]): Map<string, ItemResult> {
  const finished = new Map(
    runs.flatMap((run) => {
      const found = itemResult(run);
      return found ? [[`${readSetting(run.setting).key} ${run.seed}`, found] as const] : [];
    }),
  );
  const results = new Map<string, ItemResult>();
  const { recipeHash: recipe, profileHash } = experiment;
  // Runs have milliseconds with what they came to.
  const shares = new Map(runs.map(({ targetMs, share }) => [targetMs, share]));
  for (const item of itemsOf(part)) {
    const { metric, ms, share } = item.target;
    const target = ms === undefined ? item.target : { metric, ms, share: shares.get(ms) ?? share };
    const plan = planOf(experiment, { ...item.strategy, target, seed: item.seed });
    const key = settingKey({ ...plan, recipe, teacher: null, profileHash });
    const found = finished.get(`${key} ${item.seed}`);
    if (found) results.set(itemName(item), found);
  }
  return results;
}

/** Null for a run without a result, or with one from before hits were kept: nothing can be tested with it. */
function itemResult(run: RunRow): ItemResult | null {
  const { hits, prunedHits, images, top1, loss, prunedTop1, prunedLoss } = run;
  const { repairedTop1, repairedLoss, repairedHits } = run;
  if (!hits || !prunedHits || !images || top1 === null || loss === null) return null;
  if (prunedTop1 === null || prunedLoss === null) return null;
  const after = { top1, top5: run.top5, loss, n: images, hits: base64(hits) };
  return {
    params: Number(run.params),
    macs: Number(run.macs),
    ...(run.networkHash ? { network: run.networkHash } : {}),
    saved: {
      ...{ params: run.savedParams ?? 0, macs: run.savedMacs ?? 0 },
      ...(run.savedLatency === null ? {} : { latency: run.savedLatency }),
    },
    structure: [],
    pruned: { ...after, top1: prunedTop1, top5: null, loss: prunedLoss, hits: base64(prunedHits) },
    repaired:
      repairedTop1 === null || repairedLoss === null || !repairedHits
        ? null
        : { ...after, top1: repairedTop1, top5: null, loss: repairedLoss, hits: base64(repairedHits) },
    after,
    engine: '',
    seconds: {},
  };
}

/** Null if another tool did not tell its loss. */
function baseQuality({ top1, top5, loss, images, hits }: BaseEvaluation) {
  return loss === null ? null : { top1, top5, loss, n: images, hits: base64(hits ?? new Uint8Array()) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
