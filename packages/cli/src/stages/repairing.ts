import { metricFor } from '@espalier/engines';
import { channelMap, cutNetwork, networkHash, withoutDenormals } from '@espalier/network';
import {
  type Bench,
  onBench,
  type Provenance,
  provenance,
  provenanceInFile,
  type RepairSummary,
  readModel,
  repairOn,
  type Standing,
  standing,
  usualRepairImages,
  writeLike,
} from '@espalier/pipeline';
import { structureOf } from '@espalier/pruning';
import { dataOf, terminalObserver, workplaceOf } from '../computing.ts';
import { askedOf, type ComputeOptions, type DataOptions, type ModelOptions } from '../options.ts';
import { Stopwatch } from '../stopwatch.ts';
import type { Context } from '../terminal.ts';

export interface RepairOptions extends ModelOptions, ComputeOptions, DataOptions {
  /** The model that it was cut out of. */
  readonly base: string;
  readonly out: string;
  /** Of the training split; left out: the usual number, or what there is. */
  readonly images?: number;
}

/** What `espalier repair --json` prints. */
export interface RepairReport {
  /** The base, the model as it was cut, and as written, on the whole test split. */
  readonly before: Standing;
  readonly pruned: Standing;
  readonly repaired: Standing;
  readonly repair: RepairSummary;
  /** Of what is written. */
  readonly networkHash: string;
  readonly seconds: Readonly<Record<string, number>>;
  readonly out: string;
  readonly provenance: Provenance;
}

/** Repairs a model that was cut out of another one, and writes it. */
export async function repairModel(
  model: string,
  options: RepairOptions,
  context: Context,
): Promise<RepairReport> {
  const clock = new Stopwatch();
  const [place, observer] = [workplaceOf(options, context), terminalObserver(context)];
  const { seed, out } = options;
  const file = { ...askedOf(options), file: options.base };
  const images = { data: dataOf(options), place };
  const given = await readModel(file, observer, images);
  const map = channelMap(given, { allowInexact: true });
  const structure = structureOf(given, map, await readModel({ ...file, file: model }, observer, images));
  const work = async (bench: Bench): Promise<RepairReport> => {
    const { network: base, dataset } = bench;
    const { network: cut } = cutNetwork(base, map, structure);
    const images = usualRepairImages(options.images, dataset);
    const judging = { base, metric: metricFor(null, base, dataset), weights: {} };
    observer.stage?.('repairing');
    const { network, summary } = await clock.time('repair', () =>
      repairOn(bench, { base, map, structure, cut }, { images, seed }, place, observer),
    );
    const tested = (of: typeof network, what: string) =>
      clock.time('evaluate', () => standing(bench, of, what, place, observer, judging));
    const before = await tested(base, 'the base');
    const pruned = await tested(cut, 'the cut');
    const repaired = await tested(network, 'the repaired');
    const written = withoutDenormals(network);
    const by = provenance({ ...bench, seed });
    const how = provenanceInFile(by, { repaired: { images: summary.images } });
    await clock.time('write', () => writeLike(file, out, written, observer, how));
    return {
      ...{ before, pruned, repaired, repair: summary, networkHash: networkHash(written) },
      ...{ seconds: clock.seconds(), out, provenance: by },
    };
  };
  return onBench(given, images.data, place, observer, work, null);
}
