import { BENCHMARK } from './fill.ts';

/** What a dashboard asks, and the bare SQL that gives the same rows of team `team_0`. */
export interface Question {
  readonly name: string;
  readonly ask: string;
  readonly sql: string;
}

const RUNS = `"Run" r JOIN "Experiment" e ON e."id" = r."experimentId" JOIN "Model" m ON m."id" = e."modelId"
  JOIN "Dataset" d ON d."id" = e."datasetId" LEFT JOIN "PrunedResult" p ON p."runId" = r."id"
  LEFT JOIN "BaseEvaluation" b ON b."modelId" = m."id" AND b."datasetHash" = d."hash" AND b."split" = 'test'
  WHERE r."teamId" = 'team_0' AND r."deletedAt" IS NULL`;
const ROW = `r."id", r."state", r."allocation", r."criterion", r."share", e."name", m."name" AS "model", p."top1", p."macs", p."savedMacs"`;
/** What an analysis uses, of the newest runs. */
const NEWEST = `SELECT r."id", m."id" AS "modelId", m."name" AS "model", m."networkHash", m."params" AS "baseParams", m."macs" AS "baseMacs", d."id" AS "datasetId", d."name" AS "dataset",
  d."hash", e."name" AS "experiment", e."recipeHash", e."recalibrate", r."allocation", r."criterion", r."metric", r."share", r."seed", p."images",
  p."params", p."macs", p."savedParams", p."savedMacs", p."top1", p."top5", p."loss", p."latencyMs", b."top1" AS "baseTop1"
  FROM ${RUNS} AND r."state" = 'finished' ORDER BY r."id" DESC LIMIT 5000`;
/** What is equal in a group of strategy and target, besides names. */
const SETTING = `e."modelId", e."datasetId", r."allocation", r."criterion", r."limits", r."rounds", e."recipeHash", r."metric", r."share"`;
const STRATEGY = 'strategy { allocation criterion }';
const FIELDS = `totalCount pageInfo { endCursor } nodes { id state allocation criterion share
  experiment { name model { name } } result { top1 macs savedMacs } }`;

export const QUESTIONS: readonly Question[] = [
  {
    name: '100 newest runs',
    ask: `{ runs(first: 100) { ${FIELDS} } }`,
    sql: `SELECT ${ROW} FROM ${RUNS} ORDER BY r."id" DESC LIMIT 100`,
  },
  {
    name: '100 runs by drop',
    ask: `{ runs(first: 100, order: { by: DROP, direction: ASC }) { ${FIELDS} } }`,
    sql: `SELECT ${ROW} FROM ${RUNS} ORDER BY b."top1" - p."top1" NULLS LAST LIMIT 100`,
  },
  {
    name: '100 runs, filtered',
    ask: `{ runs(first: 100, filter: { allocation: { in: ["cie"] }, tag: { all: ["paper"] }, text: "second", savedMacs: { min: 0.3 } }) { ${FIELDS} } }`,
    sql: `SELECT ${ROW} FROM ${RUNS} AND r."allocation" = 'cie' AND r."tags" @> '{paper}' AND r."notes" ILIKE '%second%' AND p."savedMacs" >= 0.3 ORDER BY r."id" DESC LIMIT 100`,
  },
  {
    name: '100 experiments',
    ask: '{ experiments(first: 100) { totalCount nodes { id name model { name } dataset { name } } } }',
    sql: `SELECT e.*, m."name", d."name" FROM "Experiment" e JOIN "Model" m ON m."id" = e."modelId" JOIN "Dataset" d ON d."id" = e."datasetId" WHERE e."teamId" = 'team_0' ORDER BY e."id" DESC LIMIT 100`,
  },
  {
    name: '20 models',
    ask: '{ models(first: 100) { totalCount nodes { id name macs params summary { inputShape reachable { macs } groups { name width prunable reason } } } } }',
    sql: `SELECT * FROM "Model" WHERE "teamId" = 'team_0' ORDER BY "id" DESC LIMIT 100`,
  },
  {
    name: 'all runs compared, 8 columns and the front',
    ask: '{ comparison { count truncated columns { runId allocation criterion share macs savedMacs top1 drop } onFront } }',
    sql: `SELECT r."id", r."allocation", r."criterion", r."share", p."macs", p."savedMacs", p."top1", b."top1" - p."top1" AS "drop" FROM ${RUNS} ORDER BY r."id" DESC`,
  },
  {
    name: '100 structures',
    ask: '{ runs(first: 100) { nodes { id result { groups { group before after kept savedAlone { params macs } } } } } }',
    sql: `SELECT r."id", p."structure" FROM "Run" r JOIN "PrunedResult" p ON p."runId" = r."id" WHERE r."teamId" = 'team_0' ORDER BY r."id" DESC LIMIT 100`,
  },
  {
    name: 'which strategy wins among the newest 5,000 runs, image by image in the four largest groups',
    ask: `{ analysis { count groupCount lacking { totalCount } relative { ${STRATEGY} metric share runs savedMacs { mean } change { mean deviation n } }
      groups(first: 4) { name count best(budget: { metric: MACS, most: 2e7 }) { run { id } top1 }
        ranks { points { metric share savedFrom savedTo } strategies { ${STRATEGY} meanRank points { rank mean deviation n } } }
        areas { from to strategies { ${STRATEGY} mean } }
        matches { a { allocation criterion } b { allocation criterion } wins ties losses untested difference } } } }`,
    sql: `WITH newest AS MATERIALIZED (${NEWEST}), largest AS (SELECT "modelId", "datasetId" FROM newest GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 4)
      SELECT n.*, p."hits" FROM newest n LEFT JOIN largest l ON l."modelId" = n."modelId" AND l."datasetId" = n."datasetId"
      LEFT JOIN "PrunedResult" p ON p."runId" = n."id" AND l."modelId" IS NOT NULL`,
  },
  {
    name: 'the best run of each model at four budgets, from all runs',
    ask: `{ compression { runs rows { model { name } dataset { name } runs best { run { id } allocation top1 drop before { params macs } after { params macs bytes latency } ratio { params macs latency } } } } }`,
    sql: `SELECT r."id", e."recipeHash", e."recalibrate", d."hash", m."networkHash", p."images", m."macs" AS "before", p."macs", p."top1", b."top1" AS "base"
      FROM ${RUNS} AND r."state" = 'finished' AND p."runId" IS NOT NULL ORDER BY r."id" DESC LIMIT 20000`,
  },
  {
    name: 'for every model the best run within a point, with ratios, strategy, widths and file',
    ask: `{ models(first: 100) { nodes { name bestRun(maxDrop: 0.01, by: MACS) { strategy { name }
      result { top1 drop ratio { params macs bytes latency } groups { group before after } downloadUrl } } } } }`,
    sql: `SELECT m."name", x.* FROM "Model" m LEFT JOIN LATERAL (
        SELECT r."id", r."allocation", r."criterion", p."top1", b."top1" - p."top1" AS "drop", p."structure", p."sha256",
          m."macs"::float8 / p."macs" AS "ratio"
        FROM "Run" r JOIN "Experiment" e ON e."id" = r."experimentId" JOIN "Dataset" d ON d."id" = e."datasetId"
        JOIN "PrunedResult" p ON p."runId" = r."id"
        JOIN "BaseEvaluation" b ON b."modelId" = m."id" AND b."datasetHash" = d."hash" AND b."split" = 'test'
        WHERE e."modelId" = m."id" AND r."teamId" = 'team_0' AND r."state" = 'finished' AND b."top1" - p."top1" <= 0.01
        ORDER BY m."macs"::float8 / p."macs" DESC LIMIT 1
      ) x ON true WHERE m."teamId" = 'team_0'`,
  },
  {
    name: 'ratios and drops by model, data set, strategy and target, from all runs',
    ask: `{ ratioSummary(by: [MODEL, DATASET, STRATEGY, TARGET]) { groupCount groups(first: 1000) { model { name } dataset { name } ${STRATEGY} target { metric share }
      runs networks grounds drop { n mean deviation best bestRun { id } } ratio { macs { n mean deviation best bestRun { id } } latency { mean best } } } } }`,
    // Equal networks count once, and grounds are counted: what the rows say is worked out here, too.
    sql: `SELECT "model", "dataset", "allocation", "criterion", "metric", "share", sum("runs"), count(*), count(DISTINCT "ground"),
        count("drop"), avg("drop"), stddev_samp("drop"), min("drop"), (array_agg(x."id" ORDER BY "drop", "top1" DESC))[1],
        count("macs"), avg("macs"), stddev_samp("macs"), max("macs"), (array_agg(x."id" ORDER BY "macs" DESC, "top1" DESC))[1],
        avg("latency"), max("latency")
      FROM (
        SELECT DISTINCT ON (${SETTING}, p."networkHash") ${SETTING}, m."name" AS "model", d."name" AS "dataset", r."id", p."top1",
          b."top1" - p."top1" AS "drop", m."macs"::float8 / p."macs" AS "macs", p."baseLatencyMs" / p."latencyMs" AS "latency",
          count(*) OVER (PARTITION BY ${SETTING}, p."networkHash") AS "runs",
          concat_ws(' ', m."networkHash", m."metadata", d."hash", p."images", p."decoding", e."recipeHash", e."recalibrate") AS "ground"
        FROM ${RUNS} AND r."state" = 'finished' AND p."runId" IS NOT NULL
        ORDER BY ${SETTING}, p."networkHash", p."latencyMs" IS NULL, r."id"
      ) x GROUP BY "model", "dataset", ${SETTING.replaceAll(/\b[er]\./g, 'x.')} ORDER BY "model", "dataset" LIMIT 1000`,
  },
  {
    name: 'the front of MACs and drop over all models, from all runs',
    ask: '{ ratioFront(cost: MACS) { count networks grounds points(first: 1000) { ratio drop run { id name } } } }',
    sql: `SELECT r."id", m."macs"::float8 / p."macs" AS "ratio", b."top1" - p."top1" AS "drop", m."networkHash", d."hash", p."networkHash"
      FROM ${RUNS} AND r."state" = 'finished' AND p."runId" IS NOT NULL ORDER BY 2 DESC, 3`,
  },
  {
    name: 'the tables of a benchmark with 144 runs',
    ask: `{ benchmarkSections(id: "${BENCHMARK}") { title conditions missing model { name } tables { title caption heads rows } } }`,
    sql: `SELECT r.*, p."params", p."macs", p."savedParams", p."savedMacs", p."top1", p."top5", p."loss", p."images", p."hits", p."prunedHits", b.*
      FROM "Experiment" e JOIN "Run" r ON r."experimentId" = e."id" JOIN "PrunedResult" p ON p."runId" = r."id"
      JOIN "BaseEvaluation" b ON b."modelId" = e."modelId" AND b."datasetHash" = 'h0' WHERE e."benchmarkId" = '${BENCHMARK}'`,
  },
];
