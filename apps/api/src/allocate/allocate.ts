import { InputError, readBy } from '@espalier/errors';
import { limitsSchema } from '@espalier/pipeline';
import { type AskedTarget, allocationNames, findAllocation } from '@espalier/pruning';
import { requireRole, type Viewer } from '../access/viewer.ts';
import type { WidthLimitsInput } from '../experiments/limits-type.ts';
import { given } from '../given.ts';
import type { Context } from '../graphql/context.ts';
import { subjectOf } from './subject-source.ts';
import type { Answers, Search, Subject } from './task.ts';

/** What structures are asked for. */
export interface AllocateInput {
  readonly samplingRunId: string;
  /** Read once it is known that there is such a sampling run. */
  readonly target: () => AskedTarget;
  readonly limits: WidthLimitsInput | null;
  readonly profileId: string | null;
  readonly seed: number;
}

/** What is asked, checked; the same for all that is asked of it. */
export interface Asked {
  readonly input: AllocateInput;
  readonly subject: Subject;
  readonly search: Search;
  readonly viewer: Viewer;
}

/**
 * @returns null for a sampling run that there is not
 * @throws {InputError} for bad input, with the argument that it is about
 */
export async function askedOf(context: Context, input: AllocateInput): Promise<Asked | null> {
  const viewer = requireRole(context.viewer, 'viewer');
  const { samplingRunId, profileId, seed } = input;
  const subject = await subjectOf(context, samplingRunId, profileId);
  if (!subject) return null;
  const target = input.target();
  const limits = readBy(limitsSchema, given(input.limits), '', 'limits');
  if (target.metric === 'latency' && profileId === null) {
    throw new InputError('name the device profile that predicts the latency', 'profile');
  }
  return { input, subject, search: { target, limits, seed }, viewer };
}

const MOST_AT_ONCE = 32;

/** @param names of allocations; null: all */
export function findStructures(
  { allocating, signal }: Context,
  { subject, search, viewer }: Asked,
  names: readonly string[] | null,
): Promise<Answers['find']> {
  const allocations = names ?? allocationNames;
  if (allocations.length > MOST_AT_ONCE) {
    throw new InputError(`at most ${MOST_AT_ONCE} allocations at once`, 'allocations');
  }
  for (const name of allocations) checkAllocation(name);
  return allocating.ask(personOf(viewer), { kind: 'find', subject, search, allocations }, signal);
}

/** What of structures that were found is long, and asked for by itself. */
export function detailsOf(
  { allocating, signal }: Context,
  { subject, search, viewer }: Asked,
  allocations: readonly string[],
): Promise<Answers['detail']> {
  return allocating.ask(personOf(viewer), { kind: 'detail', subject, search, allocations }, signal);
}

/** Writes the network that is cut so to a file. */
export function writeCut(
  { allocating, signal }: Pick<Context, 'allocating' | 'signal'>,
  { subject, search, viewer }: Asked,
  { allocation, out }: { readonly allocation: string; readonly out: string },
): Promise<Answers['cut']> {
  checkAllocation(allocation);
  return allocating.ask(personOf(viewer), { kind: 'cut', subject, search, allocation, out }, signal);
}

/** @throws {InputError} for one that there is not, told of the argument that names several */
function checkAllocation(name: string): void {
  try {
    findAllocation(name);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(error.message, 'allocations');
    throw error;
  }
}

function personOf({ userId, apiKeyId }: Viewer): string {
  return userId ?? apiKeyId ?? '';
}
