import { Prisma, type SamplingRun } from '@espalier/store';
import { type Reach, reached } from '../access/reach.ts';
import { filtered } from '../query/conditions.ts';
import type { Source } from '../query/keyset.ts';
import { columnsOf, every } from '../query/sql.ts';
import {
  EXTERNAL_CONDITIONS,
  RUN_CONDITIONS,
  SAMPLING_CONDITIONS,
  type SamplingFilter,
} from './sampling-filter.ts';

/** Without what is long: it is read where it is asked for. */
export type NarrowSampling = Omit<SamplingRun, 'order'>;

const NARROW = Object.keys(Prisma.SamplingRunScalarFieldEnum).filter((name) => name !== 'order');

/** That a run for which the condition holds uses it; the experiment is `e`. What is in the trash uses nothing. */
export function goneBy(condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (
    SELECT 1 FROM "Run" r
    JOIN "Experiment" e ON e."id" = r."experimentId" AND e."deletedAt" IS NULL
    JOIN "Project" j ON j."id" = e."projectId" AND j."deletedAt" IS NULL
    WHERE r."samplingRunId" = s."id" AND r."deletedAt" IS NULL AND ${condition})`;
}

/** Those within reach that match: one that a run of the team uses, or that the team sent. */
export function samplingSource(reach: Reach, filter: SamplingFilter): Source {
  const run = every(
    reached(reach, Prisma.sql`r."teamId"`, Prisma.sql`e."projectId"`),
    filtered(filter, RUN_CONDITIONS),
  );
  const sent = every(
    Prisma.sql`s."origin" = 'external' AND EXISTS (
      SELECT 1 FROM "Model" m JOIN "Project" j ON j."id" = m."projectId" AND j."deletedAt" IS NULL
      WHERE m."id" = s."modelId" AND m."deletedAt" IS NULL)`,
    reached(reach, Prisma.sql`s."teamId"`, Prisma.sql`s."projectId"`),
    filtered(filter, EXTERNAL_CONDITIONS),
  );
  return {
    select: columnsOf('s', NARROW),
    from: Prisma.sql`"SamplingRun" s`,
    where: every(Prisma.sql`(${goneBy(run)} OR (${sent}))`, filtered(filter, SAMPLING_CONDITIONS)),
    id: Prisma.sql`s."id"`,
  };
}
