import { floatTensor, inputOf, type Network, sizeOf, takesOneImage } from '@espalier/network';
import { differentiateLogits } from './differentiate.ts';
import { add, concat, div, flat, mul, reduce, reshape, sub, unary } from './graph/arithmetic.ts';
import { filled, GraphBuilder, type Value } from './graph/builder.ts';
import { plain } from './graph/layout.ts';
import { crossEntropy, distilled } from './loss.ts';
import { optimiserRule } from './optimisers/index.ts';
import type { Arithmetic } from './optimisers/optimiser.ts';
import { decayVector, type Entry, lengthOf, type ParameterLayout } from './parameters.ts';
import { STATISTICS_MOMENTUM, type TrainerOptions } from './trainer.ts';
import { AVERAGE, PARAMETERS, STATISTICS, slotName } from './vectors.ts';

/** Names of the graph's other inputs and outputs. */
export const STEP = {
  targets: 'step/targets',
  teacher: 'step/teacher',
  learningRate: 'step/learning-rate',
  number: 'step/number',
  loss: 'step/loss',
  logits: 'step/logits',
} as const;

/** The name of a vector after the step. */
export function next(vector: string): string {
  return `${vector}'`;
}

/**
 * From a network, a loss and an optimiser to one graph: the forward pass with BatchNorm by batch, the loss,
 * the gradients of all learnable tensors, and the updated weights and statistics. What a step changes goes in, and
 * comes out under the same name with an apostrophe.
 *
 * @param network ends in logits
 */
export function stepGraph(
  network: Network,
  layout: ParameterLayout,
  options: TrainerOptions,
  block: number,
): Uint8Array {
  const g = new GraphBuilder({ block });
  const parameters = g.input(PARAMETERS, [lengthOf(layout.parameters)]);
  const seen = new Map<string, Value[]>();
  const see = (name: string, value: Value) => seen.set(name, [...(seen.get(name) ?? []), value]);
  const variables = new Map(split(g, parameters, layout.parameters));
  const { logits, backward } = differentiateLogits(
    g,
    network,
    options.batch,
    variables,
    (node, mean, variance) => {
      see(inputOf(node, 3), mean);
      see(inputOf(node, 4), variance);
    },
  );
  const loss = lossOf(g, logits, options);
  const gradients = backward(loss.gradient);
  g.output(STEP.loss, loss.value);
  g.output(STEP.logits, logits);

  const carry = (name: string, value: Value) => g.output(next(name), value);
  const gradient = clipped(g, joined(g, gradients, layout.parameters), options.clipNorm);
  const updated = update(g, parameters, gradient, layout, options, carry);
  carry(PARAMETERS, updated);
  if (layout.statistics.length > 0) {
    const old = g.input(STATISTICS, [lengthOf(layout.statistics)]);
    carry(STATISTICS, takesOneImage(network) ? old : statistics(g, old, seen, layout.statistics));
  }
  if (options.averaging !== undefined) {
    const average = g.input(AVERAGE, updated.dims);
    carry(AVERAGE, moving(g, average, updated, options.averaging));
  }
  return g.encode(`a training step of ${network.name}`);
}

function split(g: GraphBuilder, vector: Value, entries: readonly Entry[]): [string, Value][] {
  const sizes = entries.map(({ dims }) => sizeOf(dims));
  const parts = g.nodeWithOutputs(
    'Split',
    [vector],
    sizes.map((size) => [size]),
    { axis: 0, split: sizes },
  );
  return entries.map(({ name, dims }, i) => [name, reshape(g, parts[i] as Value, dims)]);
}

function joined(g: GraphBuilder, gradients: ReadonlyMap<string, Value>, entries: readonly Entry[]): Value {
  const parts = entries.map(({ name, dims }) => {
    const gradient = gradients.get(name);
    return gradient ? flat(g, plain(g, gradient)) : g.constant(filled([sizeOf(dims)], 0));
  });
  return concat(g, parts, 0);
}

function lossOf(g: GraphBuilder, logits: Value, { distillation }: TrainerOptions) {
  const targets = g.input(STEP.targets, logits.dims);
  if (!distillation) return crossEntropy(g, logits, targets);
  return distilled(g, logits, { targets, teacher: g.input(STEP.teacher, logits.dims) }, distillation);
}

/** Scaled down to the norm where it is larger (Pascanu et al., "On the difficulty of training RNNs", 2013). */
function clipped(g: GraphBuilder, gradient: Value, norm: number | undefined): Value {
  if (norm === undefined) return gradient;
  const length = unary(g, 'Sqrt', reduce(g, 'ReduceSumSquare', gradient, [0], false));
  const factor = g.node('Min', [g.scalar(1), div(g, g.scalar(norm), add(g, length, 1e-12))], []);
  return mul(g, gradient, factor);
}

function update(
  g: GraphBuilder,
  weights: Value,
  gradient: Value,
  layout: ParameterLayout,
  { optimiser }: TrainerOptions,
  carry: (name: string, value: Value) => void,
): Value {
  const rule = optimiserRule(optimiser);
  const decay = decayVector(layout.parameters, optimiser.weightDecay);
  const by: Arithmetic<Value> = {
    add: (a, b) => add(g, a, b),
    sub: (a, b) => sub(g, a, b),
    mul: (a, b) => mul(g, a, b),
    div: (a, b) => div(g, a, b),
    sqrt: (a) => unary(g, 'Sqrt', a),
  };
  const constant = g.constant(floatTensor([decay.length], decay));
  const [learningRate, step] = [g.input(STEP.learningRate, []), g.input(STEP.number, [])];
  const result = rule.update(by, {
    ...{ weights, gradient, decay: constant, learningRate },
    correction: (beta) => sub(g, 1, g.node('Pow', [g.scalar(beta), step], [])),
    slots: new Map(rule.slots.map((name) => [name, g.input(slotName(name), weights.dims)])),
  });
  for (const [name, value] of result.slots) carry(slotName(name), value);
  return result.weights;
}

/** A BatchNorm that is applied several times sees the average of its uses. */
function statistics(
  g: GraphBuilder,
  old: Value,
  seen: ReadonlyMap<string, Value[]>,
  entries: readonly Entry[],
): Value {
  const batch = entries.map(({ name }) => {
    const [first, ...others] = seen.get(name) ?? [];
    if (!first) throw new Error(`BatchNorm statistics "${name}" belong to no node`);
    if (others.length === 0) return first;
    const sum = others.reduce((total, value) => add(g, total, value), first);
    return mul(g, sum, 1 / (others.length + 1));
  });
  return moving(g, old, concat(g, batch, 0), STATISTICS_MOMENTUM);
}

function moving(g: GraphBuilder, old: Value, value: Value, share: number): Value {
  return add(g, value, mul(g, sub(g, old, value), share));
}
