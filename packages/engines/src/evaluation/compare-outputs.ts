import { isDeepStrictEqual } from 'node:util';
import type { Dataset, SplitName } from '@espalier/datasets';
import { InputError } from '@espalier/errors';
import { type FloatTensor, fedWith, type Network } from '@espalier/network';
import type { Engine, Executable } from '../engine.ts';
import { chosen, DEFAULT_BATCH, type EvaluateOptions, readAhead } from './evaluate.ts';
import {
  type Deviations,
  deviations,
  type FidelityValues,
  fidelityValues,
  joinDeviations,
  type OutputWeights,
  outputRoles,
  outputScales,
  shares,
} from './fidelity.ts';
import { checkFits } from './fits.ts';
import { imageReader } from './image-reader.ts';
import { METRICS } from './metrics.ts';

/** How far one output is from that of the base. */
interface OutputFidelity extends FidelityValues {
  readonly name: string;
  /** Root mean square of the base's output, which the error is divided by (see `RMS_FLOOR`). */
  readonly rms: number;
  /** Its part of the whole. */
  readonly weight: number;
}

/** How far a network's outputs are from those of another one. */
export interface OutputComparison extends FidelityValues {
  readonly outputs: readonly OutputFidelity[];
  readonly n: number;
  /** Wall-clock, with compiling and reading. */
  readonly seconds: number;
}

/**
 * Compares the outputs of a network with those of its base on a split, without labels. Outputs use their order.
 *
 * @throws {InputError} where one of both does not take the images, they have other outputs, or compute what is not
 * finite
 */
export async function compareOutputs(
  engine: Engine,
  network: Network,
  base: Network,
  dataset: Dataset,
  split: SplitName,
  { weights = {}, ...options }: EvaluateOptions & { readonly weights?: OutputWeights } = {},
): Promise<OutputComparison> {
  const started = performance.now();
  checkFits(network, dataset, 'model', METRICS.fidelity);
  checkFits(base, dataset, 'base', METRICS.fidelity);
  const names = base.outputs;
  if (network.outputs.length !== names.length) {
    throw new InputError(
      `network "${network.name}" has ${network.outputs.length} outputs, "${base.name}" has ${names.length}: give two networks with the same outputs`,
      'base',
    );
  }
  const [own, other] = [imageReader(network, dataset), imageReader(base, dataset)];
  const isOneInput = isDeepStrictEqual(own.metadata.input, other.metadata.input);
  const indices = chosen(dataset, split, options);
  const roles = outputRoles(base);
  const parts: { of: Deviations; baseline: Deviations }[] = [];
  const executables: Executable[] = [];
  try {
    for (const each of [network, base])
      executables.push(await engine.compile(each, { optimiseFor: 'throughput' }));
    const [changed, unpruned] = executables;
    if (!changed || !unpruned) throw new Error('two networks were not compiled');
    const read = (from: number) =>
      own.read(split, indices.subarray(from, from + (options.batch ?? DEFAULT_BATCH)));
    let done = 0;
    for await (const { input, labels } of readAhead(read, indices.length)) {
      options.signal?.throwIfAborted();
      const n = labels.length;
      const shown = isOneInput ? input : (await other.read(split, indices.subarray(done, done + n))).input;
      const reference = await unpruned.run(fedWith(base, shown));
      const outputs = await changed.run(fedWith(network, input));
      const of = deviations(roles, renamed(outputs, network.outputs, names), n, reference);
      const baseline = deviations(roles, reference, n);
      for (const [what, { name }] of [[of, network] as const, [baseline, base] as const]) {
        const at = what.outputs
          .map(({ error }) => error.findIndex((e) => !Number.isFinite(e)))
          .find((i) => i >= 0);
        if (at === undefined) continue;
        throw new InputError(
          `network "${name}" computes values that are not finite on image ${indices[done + at]} of the ${split} split of ${dataset.name}`,
        );
      }
      parts.push({ of, baseline });
      done += n;
      options.onProgress?.({ done, total: indices.length });
    }
  } finally {
    for (const executable of executables) await executable.dispose();
  }
  const joined = joinDeviations(parts.map(({ of }) => of));
  const baseline = joinDeviations(parts.map((part) => part.baseline));
  return {
    ...summary(joined, baseline, names, weights),
    n: indices.length,
    seconds: (performance.now() - started) / 1000,
  };
}

function summary(of: Deviations, baseline: Deviations, names: readonly string[], weights: OutputWeights) {
  const scales = outputScales(baseline);
  const weight = shares(names, weights);
  const outputs = names.flatMap((name, o): OutputFidelity[] => {
    const [own, base] = [of.outputs[o], baseline.outputs[o]];
    if (!own || !base) return [];
    const { agreement, kl, cosine } = fidelityValues({ outputs: [own] }, { outputs: [base] }, [name]);
    const scale = scales[o] ?? 1;
    const error = Math.sqrt(meanOf(own.error)) / scale;
    return [{ name, fidelity: error, agreement, kl, cosine, rms: scale, weight: weight[o] ?? 0 }];
  });
  return { ...fidelityValues(of, baseline, names, weights), outputs };
}

function meanOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function renamed(
  outputs: Readonly<Record<string, FloatTensor>>,
  from: readonly string[],
  to: readonly string[],
): Record<string, FloatTensor | undefined> {
  return Object.fromEntries(to.map((name, o) => [name, outputs[from[o] ?? '']]));
}
