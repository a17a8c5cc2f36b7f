import type { Engine, Executable } from '@espalier/engines';
import { fedWith, floatTensor, type Network, type Tensor } from '@espalier/network';
import { batchFor, type RepairImages } from './collect.ts';

/** Images that it is judged by: each output of each is compared, so that few say enough. */
const IMAGES = 64;
/** Parts of the way that are tried where all of it makes an output worse. */
const PARTS = [0.5, 0.25, 0.1];

interface Judged {
  readonly base: Network;
  readonly cut: Network;
  readonly engine: Engine;
  readonly images: RepairImages;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How far to go from the weights as cut to those of a repair. Layers are repaired one by one, each for what it hands
 * on; where an output turns small differences there into large ones (a sigmoid far below zero), it may be worse for it.
 * So the outputs are compared: all of the way if none is worse than as cut, else the best part of it of which that is
 * true.
 *
 * @returns the share of the way, 0 where none of it helps, and the network there
 */
export async function asFarAsItHelps(
  judged: Judged,
  repaired: Network,
): Promise<{ readonly network: Network; readonly share: number }> {
  const { cut } = judged;
  const [given = [], whole = []] = await errorsOf(judged, [cut, repaired]);
  const isNoWorse = (errors: readonly number[]) => errors.every((error, o) => error <= (given[o] ?? 0));
  if (isNoWorse(whole)) return { network: repaired, share: 1 };
  const parts = PARTS.map((share) => ({ share, network: between(cut, repaired, share) }));
  const errors = await errorsOf(
    judged,
    parts.map(({ network }) => network),
  );
  let best = { network: cut, share: 0, error: meanOf(given) };
  parts.forEach((part, i) => {
    const own = errors[i] ?? [];
    if (isNoWorse(own) && meanOf(own) < best.error) best = { ...part, error: meanOf(own) };
  });
  return { network: best.network, share: best.share };
}

/** Of each network the errors of its outputs: squared differences from the unpruned one, over its squares. */
async function errorsOf(
  { base, engine, images, signal }: Judged,
  networks: readonly Network[],
): Promise<number[][]> {
  const executables: Executable[] = [];
  const sums = networks.map(() => base.outputs.map(() => 0));
  const squares = base.outputs.map(() => 0);
  try {
    for (const network of [base, ...networks])
      executables.push(await engine.compile(network, { optimiseFor: 'throughput' }));
    let done = 0;
    for await (const batch of images.batches(batchFor(base, images.count))) {
      signal?.throwIfAborted();
      const runs: Record<string, { readonly data: Float32Array }>[] = [];
      for (const executable of executables) runs.push(await executable.run(fedWith(base, batch)));
      const [should, ...found] = runs;
      base.outputs.forEach((name, o) => {
        const expected = should?.[name]?.data ?? new Float32Array();
        squares[o] = (squares[o] ?? 0) + squaredDistance(expected);
        found.forEach((outputs, n) => {
          const own = sums[n] ?? [];
          own[o] = (own[o] ?? 0) + squaredDistance(outputs[name]?.data ?? new Float32Array(), expected);
        });
      });
      done += batch.dims[0] ?? 1;
      if (done >= IMAGES) break;
    }
  } finally {
    for (const executable of executables) await executable.dispose();
  }
  return sums.map((row) => row.map((sum, o) => Math.sqrt(sum / (squares[o] || 1))));
}

function squaredDistance(values: Float32Array, from?: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += ((values[i] ?? Number.NaN) - (from?.[i] ?? 0)) ** 2;
  return sum;
}

function meanOf(errors: readonly number[]): number {
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** What a repair adds, a bias, begins at zero. */
function between(cut: Network, repaired: Network, share: number): Network {
  const constants = [...repaired.constants].map(([name, tensor]): [string, Tensor] => {
    const from = cut.constants.get(name)?.data;
    if (from === tensor.data || !(tensor.data instanceof Float32Array)) return [name, tensor];
    const data = tensor.data.map((value, i) => Number(from?.[i] ?? 0) * (1 - share) + value * share);
    return [name, floatTensor(tensor.dims, data)];
  });
  return { ...repaired, constants: new Map(constants) };
}
