import { Prisma } from '@espalier/store';
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { reached } from '../access/reach.ts';
import { requireRole } from '../access/viewer.ts';
import { graphQLError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { nodeAt } from '../nodes/nodes.ts';
import { RunType } from '../runs/run-resolver.ts';

const MOST = 100;

@ObjectType('PrunedStructure', { description: 'Units of every channel group before and after the cut.' })
export class StructureType {
  @Field(() => [String], { description: 'In topological order.' })
  groups!: string[];

  @Field(() => [Int])
  before!: number[];

  @Field(() => [Int])
  after!: number[];
}

interface Structure extends StructureType {
  readonly runId: string;
}

@Resolver(() => StructureType)
export class StructureResolver {
  @FieldResolver(() => RunType)
  run(@Root() { runId }: Structure, @Ctx() context: Context) {
    return nodeAt('run', context, runId);
  }
}

/** Of those runs that have a result whose structure is known, in the order of their ids. Which units are kept stays in the database. */
export async function structuresOf(
  { viewer, database }: Context,
  runIds: readonly string[],
): Promise<Structure[]> {
  const self = requireRole(viewer, 'viewer');
  if (runIds.length > MOST) {
    throw graphQLError('BAD_USER_INPUT', `at most ${MOST} runs at once, these are ${runIds.length}`);
  }
  const found = await database.prisma.$queryRaw<Structure[]>(Prisma.sql`
    SELECT p."runId", s.* FROM "PrunedResult" p
    JOIN "Run" r ON r."id" = p."runId" AND r."deletedAt" IS NULL
    JOIN "Experiment" e ON e."id" = r."experimentId" AND e."deletedAt" IS NULL
    JOIN "Project" j ON j."id" = e."projectId" AND j."deletedAt" IS NULL
    CROSS JOIN LATERAL (
      SELECT json_agg(g->>'group' ORDER BY i) AS "groups", json_agg(g->'before' ORDER BY i) AS "before",
        json_agg(g->'after' ORDER BY i) AS "after"
      FROM jsonb_array_elements(p."structure") WITH ORDINALITY AS x(g, i)
    ) s
    WHERE p."runId" = ANY(${[...runIds]}) AND s."groups" IS NOT NULL
      AND ${reached(self, Prisma.sql`r."teamId"`, Prisma.sql`e."projectId"`)}`);
  const rows = new Map(found.map((row) => [row.runId, row]));
  return [...new Set(runIds)].flatMap((id) => rows.get(id) ?? []);
}
