import { Prisma, type PrismaClient } from '@espalier/store';

/** Rows are channel groups in topological order, columns ratios. */
export interface ContributionMatrices {
  readonly groups: readonly string[];
  readonly grid: readonly number[];
  readonly accuracy: readonly (readonly number[])[];
  readonly standardError: readonly (readonly number[])[];
  readonly drop: readonly (readonly number[])[];
  readonly monotoneDrop: readonly (readonly number[])[];
  readonly contribution: readonly (readonly number[])[];
  readonly importance: readonly number[];
}

/** One row a sampling run; matrices row after row. */
interface Row {
  readonly id: string;
  readonly groups: readonly { readonly id: string }[];
  readonly grid: readonly number[];
  readonly accuracy: readonly number[];
  readonly standardError: readonly number[];
  readonly drop: readonly number[];
  readonly monotoneDrop: readonly number[];
  readonly contribution: readonly number[];
  readonly importance: readonly number[];
}

/** The matrices of sampling runs in the order of their ids, in one statement; null for one that is not done. */
export async function matricesOf(
  prisma: PrismaClient,
  ids: readonly string[],
): Promise<(ContributionMatrices | null)[]> {
  const found = await prisma.$queryRaw<Row[]>(Prisma.sql`
    SELECT s."id", s."groups", to_json(s."grid") AS "grid", to_json(c."drop") AS "drop",
      to_json(c."monotoneDrop") AS "monotoneDrop", to_json(c."contribution") AS "contribution",
      to_json(c."importance") AS "importance", v."accuracy", v."standardError"
    FROM "SamplingRun" s
    JOIN "ContributionMatrix" c ON c."samplingRunId" = s."id"
    CROSS JOIN LATERAL (
      SELECT json_agg(a."top1" ORDER BY a."groupIndex", a."ratioIndex") AS "accuracy",
        json_agg(a."standardError" ORDER BY a."groupIndex", a."ratioIndex") AS "standardError"
      FROM "SamplePoint" a WHERE a."samplingRunId" = s."id"
    ) v
    WHERE s."id" = ANY(${[...ids]}) AND s."state" = 'done'`);
  const rows = new Map(found.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = rows.get(id);
    return row ? matrices(row) : null;
  });
}

function matrices({ groups, grid, importance, ...flat }: Row): ContributionMatrices {
  const columns = grid.length;
  const folded = (values: readonly number[]) =>
    Array.from({ length: values.length / columns }, (_, g) => values.slice(g * columns, (g + 1) * columns));
  return {
    groups: groups.map(({ id }) => id),
    grid,
    importance,
    accuracy: folded(flat.accuracy),
    standardError: folded(flat.standardError),
    drop: folded(flat.drop),
    monotoneDrop: folded(flat.monotoneDrop),
    contribution: folded(flat.contribution),
  };
}
