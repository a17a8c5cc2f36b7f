import {
  apartOf,
  comparability,
  type KeptStructure,
  pairedTest,
  structureSimilarity,
} from '@espalier/comparison';
import { Prisma } from '@espalier/store';
import { graphQLError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { nodesAt } from '../nodes/nodes.ts';
import { rowsOf } from '../query/sql.ts';
import { type AnalysedRun, type Analysis, idsOf, tellingHits } from './analysis.ts';

/** What it is about, by ids. */
export type RunPair = Awaited<ReturnType<typeof pairsOf>>[number];

/** Runs that are compared two by two. */
export const MOST_PAIRED = 12;

/**
 * Every two of the chosen runs: whether they may be compared, which images they tell apart, how alike their structures
 * are. Runs that are not among those of the analysis are left out.
 *
 * @throws {GraphQLError} BAD_USER_INPUT for more runs than are compared
 */
export async function pairsOf(context: Context, analysis: Analysis, runIds: readonly string[]) {
  const asked = [...new Set(runIds)];
  if (asked.length > MOST_PAIRED) {
    throw graphQLError(
      'BAD_USER_INPUT',
      `at most ${MOST_PAIRED} runs are compared in pairs, these are ${asked.length}`,
    );
  }
  const known = new Map(analysis.runs.map((run) => [run.id, run]));
  const chosen = asked.flatMap((id) => known.get(id) ?? []);
  const [hits, structures] = await Promise.all([
    Promise.all(chosen.map((run) => tellingHits(analysis, run))),
    structuresOf(context, idsOf(chosen)),
    // With all other runs of the answer.
    nodesAt('run', context, idsOf(chosen)),
  ]);
  return chosen.flatMap((a, i) =>
    chosen.slice(i + 1).map((b, after) => {
      const [own, other] = [hits[i], hits[i + 1 + after]];
      const { verdict, reasons } = comparability([a, b]);
      const apart = apartOf(a, b);
      const testable =
        apart === null && verdict !== 'not-comparable' && own && other && own.images === other.images;
      return {
        ...{ a: a.id, b: b.id, verdict, reasons, apart },
        test: testable ? pairedTest(own, other) : null,
        similarity: similarityOf(a, b, structures),
      };
    }),
  );
}

function similarityOf(a: AnalysedRun, b: AnalysedRun, structures: ReadonlyMap<string, KeptStructure>) {
  const [one, other] = [structures.get(a.id), structures.get(b.id)];
  // Of one network, cut with and without inexact groups, the lists of groups differ.
  if (!one || !other || a.base !== b.base || one.groups.join() !== other.groups.join()) return null;
  // Of an imported result it may not be known.
  if (one.groups.length === 0) return null;
  const { groups, ...means } = structureSimilarity(one, other);
  return { ...means, groups: one.groups.map((group, g) => ({ group, widths: groups[g] ?? 0 })) };
}

/** With the kept units; of runs that were found as the team's own. */
async function structuresOf(
  { database }: Context,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KeptStructure>> {
  if (ids.length === 0) return new Map();
  const rows = await rowsOf<{ readonly runId: string; readonly structure: readonly CutGroup[] }>(
    database.pool,
    Prisma.sql`SELECT "runId", "structure" FROM "PrunedResult" WHERE "runId" = ANY(${[...ids]})`,
  );
  return new Map(rows.map(({ runId, structure }) => [runId, keptOf(structure)]));
}

interface CutGroup {
  readonly group: string;
  readonly before: number;
  readonly after: number;
  readonly kept?: readonly number[];
}

function keptOf(structure: readonly CutGroup[]): KeptStructure {
  const kept = structure.map((group) => group.kept);
  return {
    groups: structure.map(({ group }) => group),
    before: structure.map(({ before }) => before),
    after: structure.map(({ after }) => after),
    kept: kept.every((units) => units !== undefined) ? kept : undefined,
  };
}
