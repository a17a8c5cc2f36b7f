import type { ChannelMap, KeptUnits, TensorCut } from '@espalier/network';

/** Which units of the original network are left in one that was cut, maybe several times. */
export class Lineage {
  private readonly base: ChannelMap;
  /** The original indices that are left, by the tensor and axis that were shortened. */
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

  /** The original number of each unit of the network as it is now. */
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

  /** The units that are left of every original group, by their original numbers. */
  left(now: ChannelMap): KeptUnits[] {
    const remain = new Set(this.origins(now));
    return this.base.groups.map(({ id, firstUnit, width }) => ({
      group: id,
      kept: Array.from({ length: width }, (_, unit) => unit).filter((unit) => remain.has(firstUnit + unit)),
    }));
  }

  /** The original id of each group, by its present one: an id is the name of a producer, which may have gone. */
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
