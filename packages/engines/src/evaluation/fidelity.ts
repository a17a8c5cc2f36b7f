import { InputError } from '@espalier/errors';
import { type FloatTensor, inferShapes, type Network, sizeOf, takesOneImage } from '@espalier/network';
import { isEmbedding, isVector } from './embedding.ts';
import type { MetricName } from './metrics.ts';
import { outputKind, producerOf } from './output-kind.ts';
import type { QualityMetric } from './quality-metric.ts';
import type { OutputKind } from './score.ts';

/** One output of a network, and what can be told of it. */
export interface OutputRole {
  readonly name: string;
  /** [batch, classes] with two classes or more, so that there is a largest one; no embedding. */
  readonly tellsClasses: boolean;
  /** What is known of it as a distribution over classes; null if it is none. */
  readonly distribution: OutputKind | null;
  /** One vector an image, so that there is a cosine. */
  readonly isVector: boolean;
  /** A vector that is divided by its length at the end. */
  readonly isEmbedding: boolean;
}

/** What some images' outputs are away from those of the unpruned network. One entry an image. */
interface OutputDeviation {
  /** Mean of the squared differences; of the unpruned network itself the mean square of its output, to divide by. */
  readonly error: Float32Array;
  /** 1 where the largest class is the same; null for an output that tells no classes. */
  readonly agree: Uint8Array | null;
  /** Kullback-Leibler divergence from the unpruned network's distribution, nats; null if there is none. */
  readonly kl: Float32Array | null;
  /** Of the angle to the unpruned network's vector; null if it is no vector. */
  readonly cosine: Float32Array | null;
}

/** Of every output of the network, in its order. Can be joined image by image. */
export interface Deviations {
  readonly outputs: readonly OutputDeviation[];
}

/** Weights of outputs by name; those that are not named have 1. */
export type OutputWeights = Readonly<Record<string, number>>;

/** Of the metrics that compare with the unpruned network; null: no output of the network has it. */
export type FidelityValues = Readonly<
  Record<Extract<MetricName, 'fidelity' | 'agreement' | 'kl' | 'cosine'>, number | null>
>;

/**
 * What can be told of each output.
 *
 * @throws {InputError} for an output without a row for each image; what a network makes of one image is a row of it
 */
export function outputRoles(network: Network): OutputRole[] {
  const [one, two] = [inferShapes(network, 1), inferShapes(network, 2)];
  const single = network.outputs.length === 1;
  const isRow = takesOneImage(network);
  return network.outputs.map((name) => {
    const shape = one.get(name) ?? [];
    if (!isRow && (shape[0] !== 1 || `${two.get(name)}` !== `${[2, ...shape.slice(1)]}`)) {
      throw new InputError(
        `network "${network.name}" has the output "${name}" [${shape.join(', ')}] without a row for each image: export it with outputs [batch, ...]`,
        'model',
      );
    }
    const embeds = isEmbedding(network, name);
    const tellsClasses = !embeds && (shape[1] ?? 0) > 1 && sizeOf(shape) === shape[1];
    const kind = outputKind(network, single ? network.metadata : undefined, name);
    const isNone = !tellsClasses || producerOf(network, name)?.op === 'Sigmoid';
    // Of several outputs a score may be anything; one that ends in Softmax says what it is.
    const distribution = isNone || (!single && kind === 'logits') ? null : kind;
    return { name, tellsClasses, distribution, isVector: isVector(shape), isEmbedding: embeds };
  });
}

/**
 * How far outputs are from those of the unpruned network.
 *
 * @param outputs by name, [n, ...]; one that is not there is unchanged
 * @param reference the unpruned network's; left out: these are the unpruned network's, see `OutputDeviation.error`
 */
export function deviations(
  roles: readonly OutputRole[],
  outputs: Readonly<Record<string, FloatTensor | undefined>>,
  n: number,
  reference?: Readonly<Record<string, FloatTensor | undefined>>,
): Deviations {
  return {
    outputs: roles.map((role) => {
      const [output, base] = [outputs[role.name], reference?.[role.name]];
      if (reference && !base) throw new Error(`the unpruned network returned no "${role.name}"`);
      return deviation(role, output, n, base);
    }),
  };
}

function deviation(
  { name, tellsClasses, distribution, isVector }: OutputRole,
  output: FloatTensor | undefined,
  n: number,
  base: FloatTensor | undefined,
): OutputDeviation {
  const error = new Float32Array(n);
  const agree = tellsClasses ? new Uint8Array(n).fill(1) : null;
  const kl = distribution === null ? null : new Float32Array(n);
  const cosine = isVector ? new Float32Array(n).fill(1) : null;
  if (!output) return { error, agree, kl, cosine };
  const size = output.data.length / n;
  if (base && base.data.length !== output.data.length) {
    throw new InputError(
      `output "${name}" is [${output.dims}], that of the base [${base.dims}]: give two networks with the same outputs`,
      'base',
    );
  }
  for (let image = 0; image < n; image++) {
    const row = output.data.subarray(image * size, (image + 1) * size);
    const of = base?.data.subarray(image * size, (image + 1) * size);
    let sum = 0;
    for (let i = 0; i < size; i++) sum += ((row[i] ?? Number.NaN) - (of?.[i] ?? 0)) ** 2;
    error[image] = sum / size;
    if (!of) continue;
    if (agree) agree[image] = largest(row) === largest(of) ? 1 : 0;
    if (kl && distribution)
      kl[image] = divergence(logProbabilities(of, distribution), logProbabilities(row, distribution));
    if (cosine) cosine[image] = cosineOf(row, of);
  }
  return { error, agree, kl, cosine };
}

/** Of one network's outputs, image after image. */
export function joinDeviations(parts: readonly Deviations[]): Deviations {
  const outputs = parts[0]?.outputs ?? [];
  return {
    outputs: outputs.map(({ agree, kl }, o) => {
      const columns = parts.flatMap((part) => part.outputs[o] ?? []);
      const n = columns.reduce((sum, { error }) => sum + error.length, 0);
      return {
        error: joined(
          new Float32Array(n),
          columns.map(({ error }) => error),
        ),
        agree:
          agree &&
          joined(
            new Uint8Array(n),
            columns.map((column) => column.agree ?? []),
          ),
        kl:
          kl &&
          joined(
            new Float32Array(n),
            columns.map((column) => column.kl ?? []),
          ),
        cosine: columns.every((column) => column.cosine)
          ? joined(
              new Float32Array(n),
              columns.map((column) => column.cosine ?? []),
            )
          : null,
      };
    }),
  };
}

/** The parts one after the other. */
function joined<T extends Uint8Array | Float32Array>(into: T, parts: readonly ArrayLike<number>[]): T {
  let at = 0;
  for (const part of parts) {
    into.set(part, at);
    at += part.length;
  }
  return into;
}

/** Among equal ones the first. */
function largest(row: Float32Array): number {
  let at = 0;
  for (let i = 1; i < row.length; i++) if ((row[i] ?? 0) > (row[at] ?? 0)) at = i;
  return at;
}

/** Of the angle between two vectors; one of zeros has no direction, and is like another one of zeros alone. */
function cosineOf(a: Float32Array, b: Float32Array): number {
  let [product, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? Number.NaN, b[i] ?? Number.NaN];
    product += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  if (ofA === 0 || ofB === 0) return ofA === ofB ? 1 : 0;
  return Math.max(-1, Math.min(1, product / Math.sqrt(ofA * ofB)));
}

/** The smallest float32 above 0: a probability that was rounded to 0 counts as it. */
const SMALLEST_PROBABILITY = 2 ** -149;

function logProbabilities(row: Float32Array, kind: OutputKind): Float64Array {
  if (kind === 'probabilities')
    return Float64Array.from(row, (p) => Math.log(Math.max(p, SMALLEST_PROBABILITY)));
  let most = Number.NEGATIVE_INFINITY;
  for (const value of row) most = Math.max(most, value);
  let sum = 0;
  for (const value of row) sum += Math.exp(value - most);
  return Float64Array.from(row, (value) => value - most - Math.log(sum));
}

/** Sum of p log(p / q), from the logarithms of both; rounding makes no less than 0 of it. */
function divergence(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += Math.exp(p[i] ?? 0) * ((p[i] ?? 0) - (q[i] ?? 0));
  return Math.max(0, sum);
}

/**
 * An output whose root mean square is less than this share of the largest output's is divided by this share of that:
 * an output that is near zero would outweigh the rest.
 */
const RMS_FLOOR = 1e-3;

/** What each output's error is divided by: its root mean square over all images, with the floor of `RMS_FLOOR`. */
export function outputScales(baseline: Deviations): number[] {
  const rms = baseline.outputs.map(({ error }) => Math.sqrt(mean(error)));
  const floor = Math.max(RMS_FLOOR * Math.max(...rms), Number.MIN_VALUE);
  return rms.map((value) => Math.max(value, floor));
}

/** Each output's part of the whole, in their order: they sum to 1. */
export function shares(names: readonly string[], weights: OutputWeights): number[] {
  const each = names.map((name) => weights[name] ?? 1);
  const total = each.reduce((sum, weight) => sum + weight, 0);
  return each.map((weight) => weight / total);
}

/**
 * @param of of a changed network
 * @param baseline of the unpruned network, on the same images
 */
export function fidelityValues(
  of: Deviations,
  baseline: Deviations,
  names: readonly string[],
  weights: OutputWeights = {},
): FidelityValues {
  const scales = outputScales(baseline);
  const relative = of.outputs.map(({ error }, o) => Math.sqrt(mean(error)) / (scales[o] ?? 1));
  const own = shares(names, weights);
  return {
    fidelity: relative.reduce((sum, value, o) => sum + (own[o] ?? 0) * value, 0),
    agreement: weighted(
      of.outputs.map(({ agree }) => agree && mean(agree)),
      own,
    ),
    kl: weighted(
      of.outputs.map(({ kl }) => kl && mean(kl)),
      own,
    ),
    cosine: weighted(
      of.outputs.map(({ cosine }) => cosine && mean(cosine)),
      own,
    ),
  };
}

/**
 * What each image adds to a value, up to a constant, so that their standard deviation over the root of their number is
 * its standard error: to first order, with what errors are divided by taken as known.
 */
export function fidelityInfluence(
  metric: keyof FidelityValues,
  of: Deviations,
  baseline: Deviations,
  names: readonly string[],
  weights: OutputWeights = {},
): Float64Array {
  const scales = outputScales(baseline);
  const own = shares(names, weights);
  const columns = of.outputs.flatMap(({ error, agree, ...others }, o) => {
    const root = Math.sqrt(mean(error));
    const column = { fidelity: error, agreement: agree, ...others }[metric];
    const factor = metric === 'fidelity' ? (root > 0 ? 1 / (2 * root * (scales[o] ?? 1)) : 0) : 1;
    return column ? [{ column, weight: own[o] ?? 0, factor }] : [];
  });
  // Those outputs that have it, as in the value.
  const total = metric === 'fidelity' ? 1 : columns.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const n = of.outputs[0]?.error.length ?? 0;
  return Float64Array.from({ length: n }, (_, i) =>
    columns.reduce(
      (sum, { column, weight, factor }) => sum + ((column[i] ?? 0) * factor * weight) / total,
      0,
    ),
  );
}

/** The mean of those that are there, by their weights; null if none is. */
function weighted(values: readonly (number | null)[], own: readonly number[]): number | null {
  let [sum, total] = [0, 0];
  values.forEach((value, o) => {
    if (value === null) return;
    sum += value * (own[o] ?? 0);
    total += own[o] ?? 0;
  });
  return total > 0 ? sum / total : null;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}

/** @throws {InputError} for weights of outputs that the network has not, that are all 0, or that the metric does not use */
export function checkWeights(
  { name, outputs }: Pick<Network, 'name' | 'outputs'>,
  weights: OutputWeights,
  { label, by }: QualityMetric,
): void {
  if (by !== 'outputs' && Object.keys(weights).length > 0) {
    throw new InputError(
      `${label} weighs no outputs: leave the weights out, or give metric fidelity`,
      'sampling.weights',
    );
  }
  const unknown = Object.keys(weights).find((output) => !outputs.includes(output));
  if (unknown !== undefined) {
    throw new InputError(
      `network "${name}" has no output "${unknown}" to weigh: it has ${outputs.map((output) => `"${output}"`).join(', ')}`,
      'sampling.weights',
    );
  }
  if (outputs.every((output) => weights[output] === 0))
    throw new InputError('all outputs have the weight 0: give one of them more', 'sampling.weights');
}

/**
 * @throws {InputError} where no output of the network has the metric
 */
export function checkMetricOfOutputs(network: Network, metric: string): void {
  const roles = outputRoles(network);
  const listed = network.outputs.map((output) => `"${output}"`).join(', ');
  if (metric === 'agreement' && !roles.some(({ tellsClasses }) => tellsClasses)) {
    throw new InputError(
      `network "${network.name}" has no output [batch, classes] (it has ${listed}), so there is no largest class: give metric fidelity`,
      'metric',
    );
  }
  if (metric === 'kl' && !roles.some(({ distribution }) => distribution)) {
    throw new InputError(
      `network "${network.name}" has no output that ends in Softmax (it has ${listed}), so there are no probabilities: give metric fidelity`,
      'metric',
    );
  }
  if (metric === 'cosine' && !roles.some(({ isVector }) => isVector)) {
    throw new InputError(
      `network "${network.name}" has no output [batch, length] (it has ${listed}), so there is no vector for each image: give metric fidelity`,
      'metric',
    );
  }
}
