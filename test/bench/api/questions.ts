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
    ask: `{ runs(first: 100, order: { by: drop, direction: asc }) { ${FIELDS} } }`,
    sql: `SELECT ${ROW} FROM ${RUNS} ORDER BY b."top1" - p."top1" NULLS LAST LIMIT 100`,
  },
  {
    name: '100 runs, filtered',
    ask: `{ runs(first: 100, filter: { allocations: ["cie"], tags: ["paper"], text: "second", savedMacs: { min: 0.3 } }) { ${FIELDS} } }`,
    sql: `SELECT ${ROW} FROM ${RUNS} AND r."allocation" = 'cie' AND r."tags" @> '{paper}' AND r."notes" ILIKE '%second%' AND p."savedMacs" >= 0.3 ORDER BY r."id" DESC LIMIT 100`,
  },
  {
    name: '100 experiments',
    ask: '{ experiments(first: 100) { totalCount nodes { id name model { name } dataset { name } } } }',
    sql: `SELECT e.*, m."name", d."name" FROM "Experiment" e JOIN "Model" m ON m."id" = e."modelId" JOIN "Dataset" d ON d."id" = e."datasetId" WHERE e."teamId" = 'team_0' ORDER BY e."id" DESC LIMIT 100`,
  },
  {
    name: '20 models',
    ask: '{ models(first: 100) { totalCount nodes { id name macs params summary } } }',
    sql: `SELECT * FROM "Model" WHERE "teamId" = 'team_0' ORDER BY "id" DESC LIMIT 100`,
  },
  {
    name: 'all runs compared, 8 columns and the front',
    ask: '{ comparison { count truncated columns { id allocation criterion share macs savedMacs top1 drop } onFront } }',
    sql: `SELECT r."id", r."allocation", r."criterion", r."share", p."macs", p."savedMacs", p."top1", b."top1" - p."top1" AS "drop" FROM ${RUNS} ORDER BY r."id" DESC`,
  },
  {
    name: '100 structures',
    ask: '{ runs(first: 100) { nodes { id result { structure } } } }',
    sql: `SELECT r."id", p."structure" FROM "Run" r JOIN "PrunedResult" p ON p."runId" = r."id" WHERE r."teamId" = 'team_0' ORDER BY r."id" DESC LIMIT 100`,
  },
];
