// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { Prisma, type PrismaClient } from '@espalier/store';
import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType('ContributionMatrix', {
  description: 'Rows are channel groups in topological order, columns ratios.',
})
export class ContributionMatrixType {
  @Field(() => [String], { description: 'The groups of the rows.' })
  groups!: string[];

  @Field(() => [Float], { description: 'The ratios of the columns.' })
  grid!: number[];

  @Field(() => [[Float]], {
    nullable: 'items',
    description:
      'Value in the metric of the sampling run with the cell pruned; null if it is not a finite number.',
  })
  values!: Cells;

  @Field(() => Int, {
    description: 'Non-finite cells of `values`: the cut broke the network there.',
  })
  broken!: number;

  @Field(() => [[Float]], {
    nullable: true,
    description: 'Top-1 with the cell pruned; null without labels, and if it was not measured.',
  })
  accuracy!: number[][] | null;

  @Field(() => [[Float]], {
    nullable: 'items',
    description: 'Standard error of the drop, paired over the same images.',
  })
  standardError!: Cells;

  @Field(() => [[Float]], {
    nullable: 'items',
    description: 'How much worse than the unpruned network it is in the metric.',
  })
  drop!: Cells;

  @Field(() => [[Float]], { nullable: 'items', description: 'Never falling along a row.' })
  monotoneDrop!: Cells;

  @Field(() => [[Float]], {
    nullable: 'items',
    description: "Each group's share of the total drop; columns sum to 1.",
  })
  contribution!: Cells;

  @Field(() => [Float], {
    nullable: 'items',
    description: "Each group's share of the total drop over all ratios, at least a tenth of an equal share.",
  })
  importance!: (number | null)[];
}

type Cells = (number | null)[][];
type Matrix = 'values' | 'standardError' | 'drop' | 'monotoneDrop' | 'contribution';

/** One row a sampling run; matrices row after row. JSON has text for what is no finite number. */
type Row = Pick<ContributionMatrixType, 'grid'> &
  Readonly<Record<Matrix | 'importance', readonly (number | string | null)[]>> & {
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
  const folded = <T>(values: readonly T[]) =>
    Array.from({ length: values.length / columns }, (_, g) => values.slice(g * columns, (g + 1) * columns));
  const values = flat.values.map(finite);
  return {
    groups: groups.map(({ id }) => id),
    grid,
    importance: importance.map(finite),
    values: folded(values),
    broken: values.filter((value) => value === null).length,
    accuracy: flat.accuracy.some((value) => value === null) ? null : folded(flat.accuracy.map(Number)),
    standardError: folded(flat.standardError.map(finite)),
    drop: folded(flat.drop.map(finite)),
    monotoneDrop: folded(flat.monotoneDrop.map(finite)),
    contribution: folded(flat.contribution.map(finite)),
  };
}

/** What GraphQL takes for a number: PostgreSQL tells NaN and infinities as text. */
function finite(value: number | string | null): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
