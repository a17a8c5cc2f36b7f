import { createHash } from 'node:crypto';
import { InputError } from '@espalier/errors';
import { type GroupSlices, groupSlices, type Network, sizeOf } from '@espalier/network';
import { type AnalysisOptions, analyse } from '../analysis.ts';
import { findCriterion } from '../criteria/index.ts';
import { unitsRemoved } from '../grid.ts';

/** All that a script needs to sample a network that it knows by its tensors alone. */
export interface SamplingPlan {
  /** With its reduction: see {@link findCriterion}. */
  readonly criterion: string;
  readonly grid: readonly number[];
  /** Prunable groups in topological order. */
  readonly groups: readonly PlannedGroup[];
  /** The tensors that slices name, so that ones that another program calls otherwise are found by their values. */
  readonly tensors: readonly PlannedTensor[];
}

interface PlannedGroup extends GroupSlices {
  readonly id: string;
  readonly width: number;
  /** Its units, the most important first. */
  readonly order: readonly number[];
  /** Units that each ratio of the grid removes: so many from the end of the order. */
  readonly removed: readonly number[];
}

interface PlannedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** sha256, hex, of its values as float32, little endian, row after row. */
  readonly sha256: string;
  /**
   * Some of its values, as float32, at floor(i * count / probe.length): a tensor into which another program folded
   * something has no hash of its own there, and is known by these within rounding.
   */
  readonly probe: readonly number[];
}

const PROBES = 16;

export interface SamplingPlanOptions extends Omit<AnalysisOptions, 'order'> {
  readonly grid: readonly number[];
}

/**
 * What to remove for each cell of a sampling, and where it is in the weights.
 *
 * @throws {InputError} for a criterion that uses images: whoever has them ranks the units
 */
export async function samplingPlan(
  network: Network,
  { grid, ...options }: SamplingPlanOptions,
): Promise<SamplingPlan> {
  const { name, evidence } = findCriterion(options.criterion);
  if (evidence) {
    throw new InputError(
      `criterion ${name} ranks by images, which the platform does not have: rank the units where the images are, and send their order with the sampling`,
      'criterion',
    );
  }
  const { map, rankings } = await analyse(network, options);
  const slices = groupSlices(network, map);
  const groups = rankings.map(({ group, order }): PlannedGroup => {
    const { id, width } = group;
    const removed = grid.map((ratio) => unitsRemoved(ratio, width));
    const own = slices[map.groups.indexOf(group)] ?? { slices: [], canZero: false };
    return { id, width, order, removed, ...own };
  });
  const named = new Set(groups.flatMap((group) => group.slices.map(({ tensor }) => tensor)));
  return { criterion: name, grid, groups, tensors: tensorsOf(network, named) };
}

function tensorsOf({ constants }: Network, named: ReadonlySet<string>): PlannedTensor[] {
  return [...named].flatMap((name) => {
    const tensor = constants.get(name);
    if (!tensor) return [];
    const { data } = tensor;
    const values = data instanceof Float32Array ? data : Float32Array.from<bigint | number>(data, Number);
    if (values.length !== sizeOf(tensor.dims)) throw new Error(`"${name}" has lost its values`);
    const sha256 = createHash('sha256').update(values).digest('hex');
    const probes = Math.min(PROBES, values.length);
    const probe = Array.from(
      { length: probes },
      (_, i) => values[Math.floor((i * values.length) / probes)] ?? 0,
    );
    return [{ name, dims: [...tensor.dims], sha256, probe }];
  });
}
