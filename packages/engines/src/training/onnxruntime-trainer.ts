import type { FloatTensor, Network } from '@espalier/network';
import type * as OnnxRuntime from 'onnxruntime-node';
import { createSession } from '../onnxruntime-session.ts';
import { typedTensor } from '../onnxruntime-tensors.ts';
import { checkBatch } from './gradient-function.ts';
import { blockSize } from './graph/block.ts';
import { endingInLogits } from './logits.ts';
import { type ParameterLayout, parameterLayout } from './parameters.ts';
import { next, STEP, stepGraph } from './step-graph.ts';
import type { StepResult, Trainer, TrainerOptions, TrainerState, TrainingBatch } from './trainer.ts';
import { initialVectors, networkWith } from './vectors.ts';

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
  const session = await createSession(ort, graph, `train network "${network.name}"`, {
    intraOpNumThreads: threads,
  });
  return new OnnxRuntimeTrainer(ort, session, { network, layout, options });
}

interface Plan {
  readonly network: Network;
  readonly layout: ParameterLayout;
  readonly options: TrainerOptions;
}

type Vectors = Record<string, OnnxRuntime.Tensor>;

class OnnxRuntimeTrainer implements Trainer {
  private readonly ort: typeof OnnxRuntime;
  private session: OnnxRuntime.InferenceSession | undefined;
  private readonly plan: Plan;
  /** What a step reads and what it writes change places after it: nothing is copied, nothing is allocated. */
  private current: Vectors;
  private other: Vectors;
  private steps = 0;

  constructor(ort: typeof OnnxRuntime, session: OnnxRuntime.InferenceSession, plan: Plan) {
    this.ort = ort;
    this.session = session;
    this.plan = plan;
    this.current = this.initial();
    this.other = this.initial();
  }

  async step(batch: TrainingBatch): Promise<StepResult> {
    if (!this.session) throw new Error('the trainer has been disposed of');
    const { network, options } = this.plan;
    checkBatch(batch, options);
    const feeds: Vectors = { ...this.current };
    const [input] = network.inputs;
    feeds[input?.name ?? ''] = typedTensor(this.ort, batch.input, input?.type);
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
    return { loss, logits: floats(results[STEP.logits]?.data) };
  }

  state(): TrainerState {
    const copies = Object.entries(this.current).map(([name, { data }]) => [name, floats(data).slice()]);
    return { step: this.steps, vectors: Object.fromEntries(copies) };
  }

  restore(state: TrainerState): void {
    for (const [name, vector] of Object.entries(this.current)) {
      const values = state.vectors[name];
      if (values?.length !== vector.size) {
        throw new Error(`"${name}" holds ${values?.length ?? 0} values, the network needs ${vector.size}`);
      }
      floats(vector.data).set(values);
    }
    this.steps = state.step;
  }

  network(which: 'current' | 'averaged' = 'current'): Network {
    const { network, layout } = this.plan;
    return networkWith(network, layout, this.state().vectors, which);
  }

  async dispose(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.release();
  }

  private initial(): Vectors {
    const { network, layout, options } = this.plan;
    const all = Object.entries(initialVectors(network, layout, options));
    return Object.fromEntries(all.map(([name, data]) => [name, this.tensor({ dims: [data.length], data })]));
  }

  private tensor({ dims, data }: FloatTensor): OnnxRuntime.Tensor {
    return new this.ort.Tensor('float32', data, dims);
  }

  private scalar(value: number): OnnxRuntime.Tensor {
    return new this.ort.Tensor('float32', Float32Array.of(value), []);
  }
}

function floats(data: OnnxRuntime.Tensor['data'] | undefined): Float32Array {
  return data as Float32Array;
}
