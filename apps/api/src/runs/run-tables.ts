import { COMPRESSION_METRICS, type CompressionMetric } from '@espalier/comparison';
import { USUAL_LIMITS } from '@espalier/pipeline';
import { Prisma } from '@espalier/store';
import { baseValue, dropOf, metricOf, weightsText } from '../query/quality.ts';
import { finite } from '../query/sql.ts';

const tablesOf = (experiments: Prisma.Sql) => Prisma.sql`
  "Run" r
  ${experiments}
  JOIN "Model" m ON m."id" = e."modelId"
  JOIN "Dataset" d ON d."id" = e."datasetId"
  LEFT JOIN "PrunedResult" p ON p."runId" = r."id"
  LEFT JOIN "BaseEvaluation" b
    ON b."modelId" = e."modelId" AND b."datasetHash" = d."hash" AND b."split" = 'test'
    AND b."engine" = p."engine" AND b."decoding" = p."decoding"
  LEFT JOIN "BaseValue" bv
    ON bv."modelId" = e."modelId" AND bv."datasetHash" = d."hash" AND bv."split" = 'test'
    AND bv."evaluator" = p."engine" AND bv."metric" = e."qualityMetric"
  LEFT JOIN "Recomputation" rc ON rc."id" = p."recomputationId"
  LEFT JOIN "Artifact" f ON f."sha256" = p."sha256"
  LEFT JOIN "Artifact" g ON g."sha256" = m."sha256"`;

/**
 * A run with all that it is compared by: its experiment, network and data, its result, the unpruned network on the
 * same test split, and the files of both (PostgreSQL leaves these out where nothing is asked of them). What is in a
 * deleted experiment or project is not there.
 */
export const RUN_TABLES = tablesOf(Prisma.sql`
  JOIN "Experiment" e ON e."id" = r."experimentId" AND e."deletedAt" IS NULL
  JOIN "Project" j ON j."id" = e."projectId" AND j."deletedAt" IS NULL`);

/** For runs that were found already: one that is deleted meanwhile has still its result. */
export const FOUND_RUN_TABLES = tablesOf(Prisma.sql`JOIN "Experiment" e ON e."id" = r."experimentId"`);

const top1 = finite(Prisma.sql`p."top1"`);
const baseTop1 = finite(Prisma.sql`b."top1"`);

/** By what the networks of its experiment are judged. */
const qualityMetric = metricOf(Prisma.sql`e."qualityMetric"`);

/** By that metric: `Value` of a result, which of before there was a choice is its top-1. */
const judged = (value: Prisma.Sql, top1OfBefore: Prisma.Sql) =>
  finite(Prisma.sql`coalesce(${value}, CASE WHEN ${qualityMetric} = 'top1' THEN ${top1OfBefore} END)`);
const value = judged(Prisma.sql`p."value"`, Prisma.sql`p."top1"`);
const unprunedValue = baseValue(qualityMetric, {
  top1: baseTop1,
  top5: finite(Prisma.sql`b."top5"`),
  loss: finite(Prisma.sql`b."loss"`),
  foreign: finite(Prisma.sql`bv."value"`),
});

/** A number of what a device profile predicted or its machine measured, by its path; null if there is none. */
function timeOnDevice(path: string): Prisma.Sql {
  return Prisma.raw(`(p."latency" #>> '{${path}}')::float8`);
}

/** What a network costs before pruning and after it. */
export const COSTS: Readonly<Record<CompressionMetric, readonly [before: Prisma.Sql, after: Prisma.Sql]>> = {
  params: [Prisma.sql`m."params"`, Prisma.sql`p."params"`],
  macs: [Prisma.sql`m."macs"`, Prisma.sql`p."macs"`],
  bytes: [Prisma.sql`g."bytes"`, Prisma.sql`f."bytes"`],
  latency: [finite(Prisma.sql`p."baseLatencyMs"`), finite(Prisma.sql`p."latencyMs"`)],
  throughput: [finite(Prisma.sql`p."baseThroughput"`), finite(Prisma.sql`p."throughput"`)],
  predicted: [timeOnDevice('predicted,baseMs'), timeOnDevice('predicted,ms')],
};

/** As `ratiosOf` of the rules: base over pruned, of throughput pruned over base. */
export const RATIO = Object.fromEntries(
  COMPRESSION_METRICS.map((metric) => {
    const [before, after] = COSTS[metric];
    const [over, under] = metric === 'throughput' ? [after, before] : [before, after];
    return [
      metric,
      Prisma.sql`CASE WHEN (${over}) > 0 AND (${under}) > 0 THEN (${over})::float8 / (${under}) END`,
    ];
  }),
) as Readonly<Record<CompressionMetric, Prisma.Sql>>;

/** Without what "auto" was put down as: that is the same for all runs of a network. */
const LIMITS = Prisma.sql`(r."limits" - 'widths')`;

/** As they usually are, which is null. Without widths they are compared as they are: making JSON takes as long as all else of a run. */
const UNUSUAL_LIMITS = Prisma.sql`CASE WHEN r."limits" <> ${JSON.stringify(USUAL_LIMITS)}::jsonb
  THEN NULLIF(${LIMITS}, ${JSON.stringify(USUAL_LIMITS)}::jsonb) END`;

/** Whether nothing decides a run but its strategy's two names, its target, how many images repair it, and its seed; by top-1. */
export const IS_USUAL = Prisma.sql`num_nonnulls(r."rounds", r."recovery", e."recalibrate", e."recipeHash",
  NULLIF(${qualityMetric}, 'top1'), e."outputWeights", e."profileId", NULLIF(r."origin", 'espalier'),
  ${UNUSUAL_LIMITS}) = 0`;

/** Of the file of the device profile that its experiment uses. */
const PROFILE = Prisma.sql`(SELECT x."sha256" FROM "DeviceProfile" x WHERE x."id" = e."profileId")`;

/** Whose profile that is. */
const DEVICE_ID = Prisma.sql`(SELECT x."deviceId" FROM "DeviceProfile" x WHERE x."id" = e."profileId")`;

/** What is known of a run, by name. Numbers that are none are null. */
export const RUN = {
  id: Prisma.sql`r."id"`,
  projectId: Prisma.sql`e."projectId"`,
  project: Prisma.sql`j."name"`,
  experimentId: Prisma.sql`r."experimentId"`,
  experiment: Prisma.sql`e."name"`,
  modelId: Prisma.sql`e."modelId"`,
  model: Prisma.sql`m."name"`,
  datasetId: Prisma.sql`e."datasetId"`,
  dataset: Prisma.sql`d."name"`,
  allocation: Prisma.sql`r."allocation"`,
  criterion: Prisma.sql`r."criterion"`,
  metric: Prisma.sql`r."metric"`,
  share: Prisma.sql`r."share"`,
  seed: Prisma.sql`r."seed"`,
  state: Prisma.sql`r."state"`,
  tags: Prisma.sql`coalesce(r."tags", '{}')`,
  notes: Prisma.sql`r."notes"`,
  params: COSTS.params[1],
  macs: COSTS.macs[1],
  bytes: COSTS.bytes[1],
  baseParams: COSTS.params[0],
  baseMacs: COSTS.macs[0],
  baseBytes: COSTS.bytes[0],
  savedParams: finite(Prisma.sql`p."savedParams"`),
  savedMacs: finite(Prisma.sql`p."savedMacs"`),
  savedLatency: finite(Prisma.sql`p."savedLatency"`),
  top1,
  top5: finite(Prisma.sql`p."top5"`),
  prunedTop1: finite(Prisma.sql`p."prunedTop1"`),
  repairedTop1: finite(Prisma.sql`p."repairedTop1"`),
  baseTop1,
  baseTop5: finite(Prisma.sql`b."top5"`),
  baseLoss: finite(Prisma.sql`b."loss"`),
  drop: Prisma.sql`(${baseTop1}) - (${top1})`,
  qualityMetric,
  outputWeights: weightsText(Prisma.sql`e."outputWeights"`),
  value,
  prunedValue: judged(Prisma.sql`p."prunedValue"`, Prisma.sql`p."prunedTop1"`),
  repairedValue: judged(Prisma.sql`p."repairedValue"`, Prisma.sql`p."repairedTop1"`),
  baseValue: unprunedValue,
  valueDrop: dropOf(qualityMetric, unprunedValue, value),
  loss: finite(Prisma.sql`p."loss"`),
  images: Prisma.sql`p."images"`,
  engine: Prisma.sql`r."engine"`,
  device: Prisma.sql`p."provenance"->>'engine'`,
  /** Null if another program did. */
  decoding: Prisma.sql`NULLIF(p."decoding", 0)`,
  origin: Prisma.sql`r."origin"`,
  evidence: Prisma.sql`p."evidence"`,
  /** What a worker found that evaluated its network again, of so many images; null if none did. */
  recomputedValue: finite(Prisma.sql`rc."value"`),
  recomputedImages: Prisma.sql`rc."images"`,
  recomputedDifference: finite(Prisma.sql`rc."value" - rc."told"`),
  recomputedError: finite(Prisma.sql`rc."standardError"`),
  tool: Prisma.sql`r."source"->>'tool'`,
  import: Prisma.sql`r."source"->>'import'`,
  /** Who judged an imported result; null for the platform. */
  evaluator: Prisma.sql`CASE WHEN r."origin" = 'external' THEN p."engine" END`,
  baseHash: Prisma.sql`m."networkHash"`,
  /** Where the file alone says how pixels become its input, the file is what is known of it. */
  preprocessing: Prisma.sql`md5(coalesce(m."metadata"::text, m."sha256"))`,
  networkHash: Prisma.sql`p."networkHash"`,
  datasetHash: Prisma.sql`d."hash"`,
  classes: Prisma.sql`cardinality(d."classes")`,
  recipeHash: Prisma.sql`e."recipeHash"`,
  recalibrate: Prisma.sql`e."recalibrate"`,
  /** One of before there was a repair was not repaired. */
  repair: Prisma.sql`coalesce(e."repair", 0)`,
  /**
   * All that decides a run but its seed, as text: equal settings are equal texts. See `readSetting`. JSON of everything
   * takes as long as all else of a run, so the usual is told by what is left of it.
   */
  setting: Prisma.sql`CASE WHEN ${IS_USUAL}
    THEN json_build_array(r."allocation", r."criterion", r."metric", r."share", coalesce(e."repair", 0))
    ELSE json_build_object('tool', r."source"->>'tool',
      'allocation', r."allocation", 'criterion', r."criterion",
      'target', CASE WHEN r."targetMs" IS NULL THEN json_build_object('metric', r."metric", 'share', r."share")
        ELSE json_build_object('metric', r."metric", 'share', r."share", 'ms', r."targetMs") END,
      'limits', ${LIMITS},
      'rounds', r."rounds", 'recovery', r."recovery", 'recalibrate', e."recalibrate",
      'repair', coalesce(e."repair", 0), 'recipe', e."recipeHash",
      'sampling', json_build_object('metric', ${qualityMetric}, 'weights', coalesce(e."outputWeights", '{}')),
      'teacher', null, 'profileHash', ${PROFILE}) END::text`,
  profile: PROFILE,
  deviceId: DEVICE_ID,
  predictedMs: COSTS.predicted[1],
  basePredictedMs: COSTS.predicted[0],
  measuredMs: timeOnDevice('measured,ms'),
  baseMeasuredMs: timeOnDevice('measured,baseMs'),
  ratioMeasured: timeOnDevice('measured,speedup,ratio'),
  ratioMeasuredLow: timeOnDevice('measured,speedup,low'),
  ratioMeasuredHigh: timeOnDevice('measured,speedup,high'),
  profiledDevice: Prisma.sql`p."latency"->'profile'->>'device'`,
  ratioLatencyLow: Prisma.sql`p."latencyLow"`,
  ratioLatencyHigh: Prisma.sql`p."latencyHigh"`,
  ratioThroughputLow: Prisma.sql`p."throughputLow"`,
  ratioThroughputHigh: Prisma.sql`p."throughputHigh"`,
  latencyMs: COSTS.latency[1],
  baseLatencyMs: COSTS.latency[0],
  throughput: COSTS.throughput[1],
  baseThroughput: COSTS.throughput[0],
  createdAt: Prisma.sql`r."createdAt"`,
  startedAt: Prisma.sql`r."startedAt"`,
  finishedAt: Prisma.sql`r."finishedAt"`,
} as const;
