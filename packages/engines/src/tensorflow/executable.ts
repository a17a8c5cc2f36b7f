import { type FloatTensor, floatTensor, type Network, type Node, type Tensor } from '@espalier/network';
import type { Tensor as TfTensor } from '@tensorflow/tfjs';
import type { Executable } from '../engine.ts';
import { checkedInputs } from '../run-inputs.ts';
import type { Inputs, Preparation, Step } from './emission.ts';
import { emissionOf } from './ops/index.ts';
import { type Computed, type Tf, tensorOf, Value } from './value.ts';

interface CompiledNode {
  readonly node: Node;
  readonly step: Step;
  /** Values that no later node and no output reads. */
  readonly release: readonly string[];
}

/** A network as a list of steps over tensors; weights are converted once. */
export class TensorFlowExecutable implements Executable {
  private readonly tf: Tf;
  private readonly network: Network;
  private readonly kept: TfTensor[] = [];
  private readonly constants = new Map<string, Value>();
  private readonly nodes: readonly CompiledNode[];
  private readonly onDispose: () => void;
  private disposed = false;

  constructor(tf: Tf, network: Network, onDispose: () => void = () => {}) {
    this.tf = tf;
    this.network = network;
    this.onDispose = onDispose;
    const release = lastReads(network);
    try {
      this.nodes = network.nodes.map((node, i) => ({
        node,
        step: this.prepare(node),
        release: release[i] ?? [],
      }));
    } catch (error) {
      this.free();
      throw error;
    }
  }

  async run(inputs: Readonly<Record<string, FloatTensor>>): Promise<Record<string, FloatTensor>> {
    if (this.disposed) throw new Error(`network "${this.network.name}" has been disposed of`);
    const values = new Map<string, Value>();
    try {
      for (const [name, { dims, data }] of checkedInputs(this.network, inputs)) {
        values.set(name, this.value(this.tf.tensor(data, [...dims]), 'nchw'));
      }
      for (const { node, step, release } of this.nodes) {
        this.compute(node, step, values);
        for (const name of release) {
          values.get(name)?.dispose();
          values.delete(name);
        }
      }
      return await this.read(values, inputs);
    } finally {
      for (const value of values.values()) value.dispose();
    }
  }

  async dispose(): Promise<void> {
    this.free();
    this.onDispose();
  }

  private compute(node: Node, step: Step, values: Map<string, Value>): void {
    const inputs: Inputs = (index) => {
      const name = node.inputs[index] ?? '';
      const value = values.get(name) ?? this.constants.get(name);
      if (!value) throw new Error(`there is no input ${index}`);
      return value;
    };
    let computed: Computed[] = [];
    try {
      this.tf.tidy(() => {
        computed = step(inputs);
        return computed.map(({ tensor }) => tensor);
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`${node.op} "${node.name}": ${message}`, { cause: error });
    }
    node.outputs.forEach((name, i) => {
      const output = computed[i];
      if (output) values.set(name, new Value(this.tf, output));
    });
  }

  private async read(
    values: ReadonlyMap<string, Value>,
    inputs: Readonly<Record<string, FloatTensor>>,
  ): Promise<Record<string, FloatTensor>> {
    const reads = this.network.outputs.map(async (name): Promise<[string, FloatTensor]> => {
      const value = values.get(name);
      if (!value) return [name, copied(this.network.constants.get(name), name)];
      const tensor = value.nchw();
      // Outside of every tidy, which would walk over a typed array element by element.
      const data = (await tensor.data()) as Float32Array;
      // Tensors in plain JavaScript share memory with what they were made of.
      const shared = Object.values(inputs).some((input) => input.data.buffer === data.buffer);
      return [name, floatTensor(tensor.shape, shared ? data.slice() : data)];
    });
    return Object.fromEntries(await Promise.all(reads));
  }

  private prepare(node: Node): Step {
    const derived = new Set<number>();
    const preparation: Preparation = {
      tf: this.tf,
      differentiable: false,
      keep: (make) => this.keep(make),
      derive: (index, make) => {
        const constant = this.network.constants.get(node.inputs[index] ?? '');
        if (!constant) return (inputs) => make(inputs(index).nchw());
        derived.add(index);
        const made = this.keep(() => make(tensorOf(this.tf, constant)));
        return () => made;
      },
    };
    const step = emissionOf(node).prepare(node, preparation);
    node.inputs.forEach((name, index) => {
      const constant = this.network.constants.get(name);
      if (!constant || derived.has(index) || this.constants.has(name)) return;
      this.constants.set(name, this.value(tensorOf(this.tf, constant), 'nchw'));
    });
    return step;
  }

  private keep<T extends TfTensor | TfTensor[]>(make: () => T): T {
    const made = this.tf.tidy(make);
    for (const tensor of [made].flat()) this.kept.push(this.tf.keep(tensor));
    return made;
  }

  private value(tensor: TfTensor, layout: Computed['layout']): Value {
    return new Value(this.tf, { tensor, layout });
  }

  private free(): void {
    this.disposed = true;
    for (const tensor of this.kept.splice(0)) tensor.dispose();
    for (const value of this.constants.values()) value.dispose();
    this.constants.clear();
  }
}

/** For each node the values that it reads or computes as the last one. */
function lastReads(network: Network): string[][] {
  const needed = new Set(network.outputs);
  const release = network.nodes.map((): string[] => []);
  for (let i = network.nodes.length - 1; i >= 0; i--) {
    const node = network.nodes[i];
    for (const name of [...(node?.inputs ?? []), ...(node?.outputs ?? [])]) {
      if (needed.has(name) || network.constants.has(name)) continue;
      needed.add(name);
      release[i]?.push(name);
    }
  }
  return release;
}

function copied(constant: Tensor | undefined, name: string): FloatTensor {
  if (!(constant?.data instanceof Float32Array)) throw new Error(`nothing computes the output "${name}"`);
  return floatTensor(constant.dims, constant.data.slice());
}
