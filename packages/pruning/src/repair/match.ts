import { InputError } from '@espalier/errors';
import {
  type ChannelMap,
  cutNetwork,
  FIXED,
  type KeptUnits,
  type Network,
  networkHash,
  type Tensor,
  takeAlong,
  withoutDenormals,
} from '@espalier/network';

/**
 * Which units of a network another one still has that was cut out of it, found by the weights: every filter that is
 * left is one of the first network's, without the inputs that have gone.
 *
 * @throws {InputError} where the second is not the first without some of its units
 */
export function structureOf(given: Network, map: ChannelMap, cut: Network): KeptUnits[] {
  // What is written has none.
  const base = withoutDenormals(given);
  const isKept = new Int8Array(map.unitCount).fill(1);
  const indices = (units: Int32Array) =>
    [...units.keys()].filter((i) => units[i] === FIXED || isKept[units[i] ?? 0] === 1);
  for (const { value, axis, labels } of map.producers) {
    const own = cut.constants.get(value);
    let whole = base.constants.get(value);
    if (!whole || !own) throw misfit(`it has no weight "${value}"`);
    map.axes.get(value)?.forEach((units, other) => {
      if (units && whole && other !== axis) whole = takeAlong(whole, other, indices(units));
    });
    const left = matched(whole, own, axis);
    if (!left) throw misfit(`the filters of "${value}" are not among those of the base`);
    labels.forEach((unit, i) => {
      if (unit !== FIXED && !left.has(i)) isKept[unit] = 0;
    });
  }
  const structure = map.groups.map(({ id, firstUnit, width }) => ({
    group: id,
    kept: Array.from({ length: width }, (_, unit) => unit).filter((unit) => isKept[firstUnit + unit] === 1),
  }));
  if (networkHash(cutNetwork(base, map, structure).network) !== networkHash(cut)) {
    throw misfit('it has other weights');
  }
  return structure;
}

function misfit(reason: string): InputError {
  return new InputError(
    `the model is not what is left of the base when channels are taken away: ${reason}; give the file as it was cut, before any training, recalibration or repair, and the model that it was cut out of`,
    'model',
  );
}

/** The indices along an axis whose slices are those of the second tensor, in its order; undefined where one is missing. */
function matched(whole: Tensor, own: Tensor, axis: number): ReadonlySet<number> | undefined {
  const fits = whole.dims.every((extent, i) => i === axis || extent === own.dims[i]);
  if (!fits || whole.dims.length !== own.dims.length) return undefined;
  const slice = (tensor: Tensor, index: number) => {
    const { data } = takeAlong(tensor, axis, [index]);
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
  };
  const found = new Set<number>();
  let next = 0;
  for (let i = 0; i < (own.dims[axis] ?? 0); i++) {
    const wanted = slice(own, i);
    while (next < (whole.dims[axis] ?? 0) && slice(whole, next) !== wanted) next++;
    if (next === (whole.dims[axis] ?? 0)) return undefined;
    found.add(next++);
  }
  return found;
}
