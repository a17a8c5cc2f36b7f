import { canRetry, isOver } from '#src/format/status.ts';

/** A run that can be ticked in a list. */
export interface SelectableRun {
  readonly id: string;
  readonly state: string;
  readonly origin: string;
}

/** What the page knows of each. */
export function selectable(runs: readonly SelectableRun[]): SelectableRun[] {
  return runs.map(({ id, state, origin }) => ({ id, state, origin }));
}

/**
 * The ticked runs after some more were ticked or unticked, in the order of ticking.
 *
 * @param known the runs of the page, of which the changed ones are
 */
export function withTicks(
  ticked: readonly SelectableRun[],
  changed: readonly string[],
  on: boolean,
  known: readonly SelectableRun[],
): SelectableRun[] {
  const rest = ticked.filter(({ id }) => !changed.includes(id));
  return on ? [...rest, ...known.filter(({ id }) => changed.includes(id))] : rest;
}

/** As they stand now: those that the page shows; those of another page stay as they were when they were ticked. */
export function asTheyStand(
  ticked: readonly SelectableRun[],
  known: readonly SelectableRun[],
): SelectableRun[] {
  const now = new Map(known.map((run) => [run.id, run]));
  return ticked.map((run) => now.get(run.id) ?? run);
}

/** The ids of the runs that each action is for. A run may be in several. */
export function idsFor(runs: readonly SelectableRun[]) {
  const idsOf = (is: (run: SelectableRun) => boolean) => runs.filter(is).map(({ id }) => id);
  return {
    cancel: idsOf(({ state }) => !isOver(state)),
    retry: idsOf(canRetry),
    download: idsOf(({ state }) => state === 'FINISHED'),
    trash: idsOf(({ state }) => isOver(state)),
  };
}
