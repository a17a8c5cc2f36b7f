import { requireRole } from '../access/viewer.ts';
import type { Connection } from '../graphql/connection.ts';
import type { Context } from '../graphql/context.ts';
import { keysetPage } from '../query/keyset.ts';
import { type SamplingListArgs, samplingSorting } from './sampling-filter.ts';
import { type NarrowSampling, samplingSource } from './sampling-source.ts';

export function listSamplings(
  { viewer, database }: Context,
  args: SamplingListArgs,
): Promise<Connection<NarrowSampling>> {
  const self = requireRole(viewer, 'viewer');
  return keysetPage(
    database.pool,
    args,
    samplingSource(self, args.filter ?? {}),
    samplingSorting(args.order),
  );
}
