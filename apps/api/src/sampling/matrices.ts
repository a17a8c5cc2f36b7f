// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { Prisma, type PrismaClient } from '@espalier/store';
import { Field, Float, ObjectType } from 'type-graphql';

@ObjectType('ContributionMatrix', {
  description: 'Rows are channel groups in topological order, columns ratios.',
})
export class ContributionMatrixType {
  @Field(() => [String], { description: 'Of the rows.' })
  groups!: string[];

  @Field(() => [Float], { description: 'Of the columns.' })
  grid!: number[];

  @Field(() => [[Float]], { description: 'By the metric of the sampling run, with the cell pruned.' })
  values!: number[][];

  @Field(() => [[Float]], {
    nullable: true,
    description: 'Top-1 with the cell pruned; null without labels, and where it was not measured.',
  })
  accuracy!: number[][] | null;

  @Field(() => [[Float]], { description: 'Of the drop, paired over the same images.' })
  standardError!: number[][];

  @Field(() => [[Float]], { description: 'How much worse than the unpruned network by the metric.' })
  drop!: number[][];

  @Field(() => [[Float]], { description: 'Never falling along a row.' })
  monotoneDrop!: number[][];

  @Field(() => [[Float]], { description: "Each group's share of the damage; columns sum to 1." })
  contribution!: number[][];

  @Field(() => [Float], {
    description: "Each group's share of the damage over all ratios, at least a tenth of an equal share.",
  })
  importance!: number[];
}

type Matrix = 'values' | 'standardError' | 'drop' | 'monotoneDrop' | 'contribution';

/** One row a sampling run; matrices row after row. */
type Row = Pick<ContributionMatrixType, 'grid' | 'importance'> &
  Readonly<Record<Matrix, readonly number[]>> & {
    readonly id: string;
    /** Of nothing but null without labels. */
    readonly accuracy: readonly (number | null)[];
    readonly groups: readonly { readonly id: string }[];
  };

/** The matrices of sampling runs in the order of their ids, in one statement; null for one that is not done. */
export async function matricesOf(
  prisma: PrismaClient,
  ids: readonly string[],
): Promise<(ContributionMatrixType | null)[]> {
  const found = await prisma.$queryRaw<Row[]>(Prisma.sql`
    SELECT s."id", s."groups", to_json(s."grid") AS "grid", to_json(c."drop") AS "drop",
      to_json(c."monotoneDrop") AS "monotoneDrop", to_json(c."contribution") AS "contribution",
      to_json(c."importance") AS "importance", v."values", v."accuracy", v."standardError"
    FROM "SamplingRun" s
    JOIN "ContributionMatrix" c ON c."samplingRunId" = s."id"
    CROSS JOIN LATERAL (
      SELECT json_agg(coalesce(a."value", a."top1") ORDER BY a."groupIndex", a."ratioIndex") AS "values",
        json_agg(a."top1" ORDER BY a."groupIndex", a."ratioIndex") AS "accuracy",
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

function matrices({ groups, grid, importance, ...flat }: Row): ContributionMatrixType {
  const columns = grid.length;
  const folded = (values: readonly number[]) =>
    Array.from({ length: values.length / columns }, (_, g) => values.slice(g * columns, (g + 1) * columns));
  return {
    groups: groups.map(({ id }) => id),
    grid,
    importance,
    values: folded(flat.values),
    accuracy: flat.accuracy.some((value) => value === null) ? null : folded(flat.accuracy.map(Number)),
    standardError: folded(flat.standardError),
    drop: folded(flat.drop),
    monotoneDrop: folded(flat.monotoneDrop),
    contribution: folded(flat.contribution),
  };
}
