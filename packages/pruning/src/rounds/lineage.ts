import type { ChannelMap, KeptUnits, TensorCut } from '@espalier/network';

/** Which units of the network that it began with are left in one that was cut, maybe several times. */
export class Lineage {
  private readonly base: ChannelMap;
  /** By tensor and axis that was shortened: the indices that are left, as they were in the beginning. */
  private readonly kept = new Map<string, readonly number[]>();

  constructor(base: ChannelMap) {
    this.base = base;
  }

  add(cuts: readonly TensorCut[]): void {
    for (const { tensor, axis, kept } of cuts) {
      const before = this.kept.get(keyOf(tensor, axis));
      this.kept.set(keyOf(tensor, axis), before ? kept.map((index) => before[index] ?? -1) : kept);
    }
  }

  /** By unit of the network as it is now: its number in the beginning. */
  private origins({ producers, unitCount }: ChannelMap): Int32Array {
    const origins = new Int32Array(unitCount).fill(-1);
    for (const { value, axis, labels } of producers) {
      const then = this.base.axes.get(value)?.[axis];
      const kept = this.kept.get(keyOf(value, axis));
      labels.forEach((unit, index) => {
        if (unit >= 0) origins[unit] = then?.[kept?.[index] ?? index] ?? -1;
      });
    }
    return origins;
  }

  /** What is left of every group that there was, by the units that it had. */
  left(now: ChannelMap): KeptUnits[] {
    const remain = new Set(this.origins(now));
    return this.base.groups.map(({ id, firstUnit, width }) => ({
      group: id,
      kept: Array.from({ length: width }, (_, unit) => unit).filter((unit) => remain.has(firstUnit + unit)),
    }));
  }

  /** By the id of a group now: the id that it had. Where a group's first filter has gone its name may have, too. */
  names(now: ChannelMap): ReadonlyMap<string, string> {
    const origins = this.origins(now);
    return new Map(
      now.groups.map(({ id, firstUnit }) => {
        const unit = origins[firstUnit] ?? -1;
        const group = this.base.groups.find(
          (one) => unit >= one.firstUnit && unit < one.firstUnit + one.width,
        );
        if (!group) throw new Error(`group "${id}" was not there before the cut`);
        return [id, group.id];
      }),
    );
  }
}

function keyOf(tensor: string, axis: number): string {
  return `${axis}/${tensor}`;
}
