import type { FloatTensor, Network } from '@espalier/network';
import type * as OnnxRuntime from 'onnxruntime-node';
import { blockSize } from './graph/block.ts';
import { createSession } from './graph/session.ts';
import { endingInLogits } from './logits.ts';
import { type ParameterLayout, pack, parameterLayout, unpack } from './parameters.ts';
import { next, STEP, type StepGraph, stepGraph } from './step-graph.ts';
import type { StepResult, Trainer, TrainerOptions, TrainerState, TrainingBatch } from './trainer.ts';
import { AVERAGE, PARAMETERS, STATISTICS } from './vectors.ts';

/**
 * Trains in ONNX Runtime: a whole step is one graph, the weights go in and come out.
 *
 * @throws {InputError} if the network has an operation without a gradient, or the runtime refuses the graph
 */
export async function onnxRuntimeTrainer(
  ort: typeof OnnxRuntime,
  network: Network,
  options: TrainerOptions,
  threads: number,
): Promise<Trainer> {
  const layout = parameterLayout(network);
  const graph = stepGraph(endingInLogits(network), layout, options, await blockSize(ort));
  const session = await createSession(ort, graph.bytes, threads, `train network "${network.name}"`);
  return new OnnxRuntimeTrainer(ort, session, { network, layout, options, graph });
}

interface Plan {
  readonly network: Network;
  readonly layout: ParameterLayout;
  readonly options: TrainerOptions;
  readonly graph: StepGraph;
}

type Vectors = Record<string, OnnxRuntime.Tensor>;

class OnnxRuntimeTrainer implements Trainer {
  private readonly ort: typeof OnnxRuntime;
  private session: OnnxRuntime.InferenceSession | undefined;
  private readonly plan: Plan;
  /** What a step reads and what it writes change places behind it: nothing is copied, nothing is allocated. */
  private current: Vectors;
  private other: Vectors;
  private steps = 0;

  constructor(ort: typeof OnnxRuntime, session: OnnxRuntime.InferenceSession, plan: Plan) {
    this.ort = ort;
    this.session = session;
    this.plan = plan;
    this.current = this.vectors();
    this.other = this.vectors();
    const parameters = pack(plan.network, plan.layout.parameters);
    this.write(PARAMETERS, parameters);
    this.write(STATISTICS, pack(plan.network, plan.layout.statistics));
    this.write(AVERAGE, parameters);
  }

  async step(batch: TrainingBatch): Promise<StepResult> {
    if (!this.session) throw new Error('the trainer has been disposed of');
    const { network, options } = this.plan;
    if (batch.input.dims[0] !== options.batch) {
      throw new Error(`a batch of ${batch.input.dims[0]} images where the trainer takes ${options.batch}`);
    }
    const feeds: Vectors = { ...this.current };
    feeds[network.inputs[0]?.name ?? ''] = this.tensor(batch.input);
    feeds[STEP.targets] = this.tensor(batch.targets);
    if (batch.teacher) feeds[STEP.teacher] = this.tensor(batch.teacher);
    feeds[STEP.learningRate] = this.scalar(batch.learningRate);
    feeds[STEP.number] = this.scalar(this.steps + 1);
    const fetches: Record<string, OnnxRuntime.Tensor | null> = { [STEP.loss]: null, [STEP.logits]: null };
    for (const [name, tensor] of Object.entries(this.other)) fetches[next(name)] = tensor;
    const results = await this.session.run(feeds, fetches);
    const loss = Number(results[STEP.loss]?.data[0]);
    if (Number.isFinite(loss)) {
      [this.current, this.other] = [this.other, this.current];
      this.steps++;
    }
    return { loss, logits: results[STEP.logits]?.data as Float32Array };
  }

  state(): TrainerState {
    const copies = Object.entries(this.current).map(([name, { data }]) => [
      name,
      (data as Float32Array).slice(),
    ]);
    return { step: this.steps, vectors: Object.fromEntries(copies) };
  }

  restore(state: TrainerState): void {
    for (const name of Object.keys(this.current))
      this.write(name, state.vectors[name] ?? new Float32Array(0));
    this.steps = state.step;
  }

  network(which: 'current' | 'averaged' = 'current'): Network {
    const { network, layout } = this.plan;
    const parameters = this.current[which === 'averaged' ? AVERAGE : PARAMETERS] ?? this.current[PARAMETERS];
    const weighted = unpack(network, layout.parameters, parameters?.data as Float32Array);
    const statistics = this.current[STATISTICS];
    return statistics ? unpack(weighted, layout.statistics, statistics.data as Float32Array) : weighted;
  }

  async dispose(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.release();
  }

  private vectors(): Vectors {
    const all = Object.entries(this.plan.graph.vectors);
    return Object.fromEntries(
      all.map(([name, length]) => [name, new this.ort.Tensor('float32', new Float32Array(length), [length])]),
    );
  }

  private write(name: string, values: Float32Array): void {
    const vector = this.current[name];
    if (!vector) return;
    if (values.length !== vector.size) {
      throw new Error(`"${name}" holds ${values.length} values, the network needs ${vector.size}`);
    }
    (vector.data as Float32Array).set(values);
  }

  private tensor({ dims, data }: FloatTensor): OnnxRuntime.Tensor {
    return new this.ort.Tensor('float32', data, dims);
  }

  private scalar(value: number): OnnxRuntime.Tensor {
    return new this.ort.Tensor('float32', Float32Array.of(value), []);
  }
}
