import {
  exposeStatistics,
  inferShapes,
  inputOf,
  meanOf,
  type Network,
  type Node,
  sizeOf,
  varianceOf,
} from '@espalier/network';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs';
import { checkBatch } from '../training/gradient-function.ts';
import { endingInLogits } from '../training/logits.ts';
import { optimiserRule } from '../training/optimisers/index.ts';
import type { OptimiserRule } from '../training/optimisers/optimiser.ts';
import { decayVector, type Entry, type ParameterLayout, parameterLayout } from '../training/parameters.ts';
import {
  STATISTICS_MOMENTUM,
  type StepResult,
  type Trainer,
  type TrainerOptions,
  type TrainerState,
  type TrainingBatch,
} from '../training/trainer.ts';
import {
  AVERAGE,
  initialVectors,
  networkWith,
  PARAMETERS,
  STATISTICS,
  slotName,
} from '../training/vectors.ts';
import { applyNetwork, crossEntropy } from './functional.ts';
import { type Tf, tensorOf, type Value } from './value.ts';

const LOGITS = 0;

/**
 * Trains in TensorFlow.js, which differentiates by itself: the path for a GPU, and a second opinion on the
 * gradients that we write. State is exchanged with the other trainer.
 */
export class TensorFlowTrainer implements Trainer {
  private readonly tf: Tf;
  private readonly original: Network;
  private readonly layout: ParameterLayout;
  private readonly options: TrainerOptions;
  private readonly rule: OptimiserRule;
  /** Ends in logits and returns BatchNorm's statistics beside them. */
  private readonly training: Network;
  private readonly norms: readonly Norm[];
  private readonly constants = new Map<string, Tensor>();
  private readonly decay: Tensor;
  private vectors = new Map<string, Tensor>();
  private steps = 0;

  constructor(tf: Tf, network: Network, options: TrainerOptions) {
    this.tf = tf;
    this.original = network;
    this.options = options;
    this.rule = optimiserRule(options.optimiser);
    this.layout = parameterLayout(network);
    const logits = endingInLogits(network);
    this.norms = normsOf(logits, options.batch);
    this.training = exposeStatistics(logits);
    const learnt = new Set(this.layout.parameters.map(({ name }) => name));
    for (const [name, constant] of this.training.constants) {
      if (!learnt.has(name)) this.constants.set(name, tensorOf(tf, constant));
    }
    this.decay = tf.tensor1d(decayVector(this.layout.parameters, options.optimiser.weightDecay));
    this.restore({ step: 0, vectors: initialVectors(network, this.layout, options) });
  }

  async step(batch: TrainingBatch): Promise<StepResult> {
    const { tf, options } = this;
    checkBatch(batch, options);
    const kept: Value[] = [];
    const made = tf.tidy(() => {
      let outputs: Tensor[] = [];
      const { value, grad } = tf.valueAndGrad((parameters: Tensor) => {
        outputs = applyNetwork(tf, this.training, this.given(parameters, batch), (each) => kept.push(each));
        return this.loss(outputs[LOGITS] as Tensor, batch);
      })(this.vector(PARAMETERS));
      const vectors = this.updated(this.clipped(grad), batch.learningRate);
      if (this.norms.length > 0) vectors.set(STATISTICS, this.statistics(outputs));
      return {
        loss: value,
        logits: (outputs[LOGITS] as Tensor).clone(),
        vectors: Object.fromEntries(vectors),
      };
    });
    for (const value of kept) value.dispose();
    const [loss] = await made.loss.data();
    const logits = (await made.logits.data()) as Float32Array;
    tf.dispose([made.loss, made.logits]);
    if (!Number.isFinite(loss)) {
      tf.dispose(Object.values(made.vectors));
      return { loss: loss ?? Number.NaN, logits: logits.slice() };
    }
    for (const [name, tensor] of Object.entries(made.vectors)) {
      this.vector(name).dispose();
      this.vectors.set(name, tensor);
    }
    this.steps += 1;
    return { loss: loss ?? Number.NaN, logits: logits.slice() };
  }

  state(): TrainerState {
    const vectors = [...this.vectors].map(([name, tensor]) => [
      name,
      (tensor.dataSync() as Float32Array).slice(),
    ]);
    return { step: this.steps, vectors: Object.fromEntries(vectors) };
  }

  restore({ step, vectors }: TrainerState): void {
    for (const [name, values] of Object.entries(vectors)) {
      this.vectors.get(name)?.dispose();
      this.vectors.set(name, this.tf.tensor1d(values.slice()));
    }
    this.steps = step;
  }

  network(which: 'current' | 'averaged' = 'current'): Network {
    return networkWith(this.original, this.layout, this.state().vectors, which);
  }

  async dispose(): Promise<void> {
    this.tf.dispose([...this.vectors.values(), ...this.constants.values(), this.decay]);
    this.vectors.clear();
    this.constants.clear();
  }

  private vector(name: string): Tensor {
    const found = this.vectors.get(name);
    if (!found) throw new Error(`there is no vector "${name}"`);
    return found;
  }

  /** Every input and constant of the network, the learnable ones cut out of the vector. */
  private given(parameters: Tensor, { input }: TrainingBatch): Map<string, Tensor> {
    const { tf, layout, training } = this;
    const given = new Map(this.constants);
    given.set(training.inputs[0]?.name ?? '', tf.tensor(input.data, [...input.dims]));
    const parts = splitAt(tf, parameters, layout.parameters);
    for (const [i, { name }] of layout.parameters.entries()) given.set(name, parts[i] as Tensor);
    return given;
  }

  private loss(logits: Tensor, { targets, teacher }: TrainingBatch): Scalar {
    const { tf, options } = this;
    const own = crossEntropy(tf, logits, targets);
    if (!options.distillation || !teacher) return own;
    const { temperature, weight } = options.distillation;
    const soft = crossEntropy(tf, tf.div(logits, temperature), teacher);
    return tf.add(tf.mul(own, 1 - weight), tf.mul(soft, weight * temperature ** 2));
  }

  private clipped(gradient: Tensor): Tensor {
    const { tf } = this;
    const { clipNorm } = this.options;
    if (clipNorm === undefined) return gradient;
    const length = tf.add(tf.norm(gradient), 1e-12);
    return tf.mul(gradient, tf.minimum(1, tf.div(clipNorm, length)));
  }

  private updated(gradient: Tensor, learningRate: number): Map<string, Tensor> {
    const { rule, decay } = this;
    const { averaging } = this.options;
    const step = this.steps + 1;
    const { weights, slots } = rule.update<Tensor>(this.tf, {
      ...{ weights: this.vector(PARAMETERS), gradient, decay, learningRate },
      correction: (beta) => 1 - beta ** step,
      slots: new Map(rule.slots.map((name) => [name, this.vector(slotName(name))])),
    });
    const vectors = new Map([...slots].map(([name, vector]) => [slotName(name), vector]));
    vectors.set(PARAMETERS, weights);
    if (averaging !== undefined) vectors.set(AVERAGE, this.moving(AVERAGE, weights, averaging));
    return vectors;
  }

  private moving(name: string, value: Tensor, share: number): Tensor {
    const { tf } = this;
    return tf.add(tf.mul(this.vector(name), share), tf.mul(value, 1 - share));
  }

  /** The running statistics after this batch. */
  private statistics(outputs: readonly Tensor[]): Tensor {
    const { tf, training, norms, layout } = this;
    const batch = new Map<string, Tensor[]>();
    const see = (name: string, value: Tensor) => batch.set(name, [...(batch.get(name) ?? []), value]);
    for (const { node, count } of norms) {
      const at = (name: string) => tf.reshape(outputs[training.outputs.indexOf(name)] as Tensor, [-1]);
      see(inputOf(node, 3), at(meanOf(node.name)));
      see(inputOf(node, 4), tf.mul(at(varianceOf(node.name)), count / Math.max(1, count - 1)));
    }
    const joined = tf.concat(
      layout.statistics.map(({ name }) => tf.mean(tf.stack(batch.get(name) ?? []), 0) as Tensor1D),
    );
    return this.moving(STATISTICS, joined, STATISTICS_MOMENTUM);
  }
}

interface Norm {
  readonly node: Node;
  /** Values of a batch that share a channel's statistics. */
  readonly count: number;
}

function normsOf(network: Network, batch: number): Norm[] {
  const shapes = inferShapes(network, batch);
  return network.nodes
    .filter(({ op }) => op === 'BatchNormalization')
    .map((node) => {
      const x = shapes.get(inputOf(node, 0)) ?? [];
      return { node, count: sizeOf(x) / (x[1] ?? 1) };
    });
}

function splitAt(tf: Tf, vector: Tensor, entries: readonly Entry[]): Tensor[] {
  const sizes = entries.map(({ dims }) => sizeOf(dims));
  const parts = sizes.length > 1 ? tf.split(vector, sizes) : [vector];
  return entries.map(({ dims }, i) => tf.reshape(parts[i] as Tensor, [...dims]));
}
