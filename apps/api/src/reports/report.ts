import { createHash } from 'node:crypto';
import { VERSION } from '@espalier/pipeline';
import { stored } from '@espalier/runs';
import { analyse, MOST_ANALYSED } from '../compare/analysis.ts';
import { COLUMN_NAMES, type ColumnName } from '../compare/columns.ts';
import { comparabilityOf } from '../compare/comparability.ts';
import { compareRuns } from '../compare/comparison.ts';
import type { Asked } from '../graphql/context.ts';
import type { RunFilter } from '../runs/run-filter.ts';
import { strategyTables } from '../tables/strategy-table.ts';

/** What a report is of. */
export type ReportSubject =
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'experiment'; readonly id: string }
  | { readonly kind: 'comparison'; readonly filter: RunFilter };

/** Finished runs that a report has; of more the newest. */
export const MOST_REPORTED = 1000;

/** As a moment found it. */
export type Report = NonNullable<Awaited<ReturnType<typeof reportOf>>>;
export type ReportedRun = Readonly<Record<ColumnName, unknown>>;

/** What people wrote for each other, and where it lies, is not told to whoever gets a report. */
const LEFT_OUT: readonly ColumnName[] = ['notes', 'tags', 'projectId', 'project', 'setting'];
const REPORTED = COLUMN_NAMES.filter((name) => !LEFT_OUT.includes(name));

/** Null for a run or an experiment that there is not, or that is out of reach. */
export async function reportOf(asked: Asked, subject: ReportSubject) {
  const filter = filterOf(subject);
  const found = compareRuns(asked, filter, null, 1);
  const [count, [name], [runName]] = await Promise.all([
    found.count(),
    found.column('experiment'),
    found.column('name'),
  ]);
  // An experiment without a run has nothing to report either.
  if (subject.kind !== 'comparison' && count === 0) return null;
  const analysis = await analyse(asked, filter);
  const newest = analysis.runs.slice(0, MOST_REPORTED).map(({ id }) => id);
  const runs = await rowsOf(asked, newest);
  const { verdict, reasons, badges } = comparabilityOf(analysis.runs, []);
  const content = {
    kind: subject.kind,
    title: titleOf(subject, String(name ?? ''), String(runName ?? '')),
    /** Of all that match, whatever their state. */
    count,
    finished: analysis.count,
    truncated: analysis.count > Math.min(MOST_REPORTED, MOST_ANALYSED),
    verdict,
    reasons,
    badges,
    ranks: strategyTables(analysis).paper,
    runs,
    structure: subject.kind === 'run' ? await structureOf(asked, newest[0]) : null,
  };
  return {
    ...content,
    madeAt: new Date().toISOString(),
    version: VERSION,
    /** Of all that is reported, whenever: the same for the same results. */
    hash: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
  };
}

function titleOf({ kind }: ReportSubject, experiment: string, run: string): string {
  if (kind === 'comparison') return 'Comparison of runs';
  return kind === 'experiment' ? experiment : `${run}, of ${experiment}`;
}

function filterOf(subject: ReportSubject): RunFilter {
  if (subject.kind === 'comparison') return subject.filter;
  return subject.kind === 'run' ? { id: { in: [subject.id] } } : { experiment: { in: [subject.id] } };
}

async function rowsOf(asked: Asked, ids: readonly string[]): Promise<ReportedRun[]> {
  if (ids.length === 0) return [];
  const comparison = compareRuns(asked, { id: { in: [...ids] } }, null, MOST_REPORTED);
  const columns = await Promise.all(
    REPORTED.map(async (name) => [name, await comparison.column(name)] as const),
  );
  return ids.map((_, at) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[at]])),
  ) as ReportedRun[];
}

/** Of a run that was found as the asker's own. */
async function structureOf({ database }: Asked, runId: string | undefined) {
  if (runId === undefined) return null;
  const result = await database.prisma.prunedResult.findUnique({
    where: { runId },
    select: { structure: true, sha256: true },
  });
  if (!result) return null;
  const groups = stored('PrunedResult', 'structure', result.structure);
  return {
    sha256: result.sha256,
    groups: groups.map(({ group, before, after }) => ({ group, before, after })),
  };
}
