import type { ComparedResult } from '@espalier/comparison';
import { type Database, Prisma } from '@espalier/store';
import { rowsOf } from '../query/sql.ts';
import type { ColumnName } from './columns.ts';
import type { Comparison } from './comparison.ts';

/** What the rules use, under the names that the rules have for it, and by what it is found again. */
const NEEDED = {
  id: 'id',
  name: 'name',
  base: 'baseHash',
  preprocessing: 'preprocessing',
  dataset: 'datasetHash',
  images: 'images',
  decoding: 'decoding',
  evaluator: 'evaluator',
  evidence: 'evidence',
  recomputedDifference: 'recomputedDifference',
  recomputedError: 'recomputedError',
  baseValue: 'baseValue',
  recipe: 'recipeHash',
  recalibrated: 'recalibrate',
  repaired: 'repair',
  setting: 'settingKey',
  allocation: 'allocation',
  criterion: 'criterion',
  seed: 'seed',
  metric: 'metric',
  share: 'share',
  params: 'params',
  macs: 'macs',
  savedParams: 'savedParams',
  savedMacs: 'savedMacs',
  savedLatency: 'savedLatency',
  profile: 'profile',
  qualityMetric: 'qualityMetric',
  outputWeights: 'outputWeights',
  value: 'value',
  top5: 'top5',
  classes: 'classes',
  device: 'device',
} as const satisfies Record<keyof Required<OfColumns>, ColumnName>;

type OfColumns = { readonly id: string } & Omit<
  ComparedResult,
  'published' | 'counter' | 'structure' | 'fromScratch' | 'drawsNothing'
>;

/** Beside them. */
const FURTHER = { draws: 'draws', networkHash: 'networkHash' } as const satisfies Record<string, ColumnName>;

/** A run's result as the rules see it. */
export type RunOutcome = Omit<ComparedResult, 'structure' | 'qualityMetric'> & {
  readonly qualityMetric: string;
  readonly id: string;
  /** Of the pruned network. */
  readonly networkHash: string | null;
  structure: string | null;
};

/**
 * Of those runs that have a result, in their order.
 *
 * @param more further columns, under the names that the answer has for them
 */
export async function outcomesOf<Name extends string = never>(
  comparison: Comparison,
  database: Database,
  more: Readonly<Record<Name, ColumnName>> = {} as Readonly<Record<Name, ColumnName>>,
): Promise<(RunOutcome & Readonly<Record<Name, unknown>>)[]> {
  const columns = await Promise.all(
    Object.entries({ ...NEEDED, ...FURTHER, ...more }).map(
      async ([key, name]) => [key, await comparison.column(name)] as const,
    ),
  );
  const [[, ids]] = columns as [readonly [string, readonly unknown[]]];
  // Thousands of them: each is made once, and not copied.
  const outcomes = ids
    .map((_, run) => {
      const outcome: Record<string, unknown> = { published: false, structure: null };
      for (const [key, values] of columns) outcome[key] = values[run];
      outcome.drawsNothing = outcome.draws === 'no';
      return outcome as RunOutcome & Readonly<Record<Name, unknown>>;
    })
    .filter(({ macs }) => macs !== null);
  const structures = await structuresOfTwins(database, outcomes);
  for (const outcome of outcomes) outcome.structure = structures.get(outcome.id) ?? null;
  return outcomes;
}

/**
 * A key of the widths that a run keeps, for those runs of which another one might keep the same with random filters.
 * Equal widths have equal costs: only where those agree is the structure read at all.
 */
async function structuresOfTwins(
  database: Database,
  outcomes: readonly RunOutcome[],
): Promise<ReadonlyMap<string, string>> {
  const cost = ({ base, params, macs }: RunOutcome) => `${base} ${params} ${macs}`;
  const drawn = new Set(outcomes.filter(({ criterion }) => criterion === 'random').map(cost));
  if (drawn.size === 0) return new Map();
  const ranked = new Set(outcomes.filter(({ criterion }) => criterion !== 'random').map(cost));
  const asked = outcomes.filter((each) => drawn.has(cost(each)) && ranked.has(cost(each)));
  if (asked.length === 0) return new Map();
  const rows = await rowsOf<{ readonly runId: string; readonly widths: string }>(
    database.pool,
    Prisma.sql`
      SELECT p."runId", s."widths" FROM "PrunedResult" p
      CROSS JOIN LATERAL (
        SELECT string_agg(g->>'after', ' ' ORDER BY i) AS "widths"
        FROM jsonb_array_elements(p."structure") WITH ORDINALITY AS x(g, i)
      ) s
      WHERE p."runId" = ANY(${asked.map(({ id }) => id)}) AND s."widths" IS NOT NULL`,
  );
  const bases = new Map(asked.map(({ id, base }) => [id, base]));
  return new Map(rows.map(({ runId, widths }) => [runId, `${bases.get(runId)} ${widths}`]));
}
