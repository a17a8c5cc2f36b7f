import type { Epoch } from '#src/charts/lines.ts';
import type { GroupWidth } from '#src/charts/matrix.ts';
import type { RunDetail } from './run-page-query.ts';

/** The pruned network's widths; empty before there is one. */
export function structureOf({ result }: Pick<RunDetail, 'result'>): GroupWidth[] {
  return Array.isArray(result?.structure) ? (result.structure as GroupWidth[]) : [];
}

/** The epochs of fine-tuning, from the run's events; one that was trained again after a break counts once. */
export function epochsOf({ events }: Pick<RunDetail, 'events'>): Epoch[] {
  const epochs = new Map<number, Epoch>();
  for (const { kind, data } of events) {
    if (kind !== 'epoch') continue;
    const { epoch, loss, top1 = null } = data as Epoch;
    epochs.set(epoch, { epoch, loss, top1 });
  }
  return [...epochs.values()].sort((a, b) => a.epoch - b.epoch);
}
