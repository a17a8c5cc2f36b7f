import { constantOf, type FloatTensor, floatTensor, type Network } from '@espalier/network';
import type * as OnnxRuntime from 'onnxruntime-node';
import { createSession } from '../onnxruntime-session.ts';
import { typedTensor } from '../onnxruntime-tensors.ts';
import { differentiateLogits } from './differentiate.ts';
import {
  checkBatch,
  evaluatedLogits,
  type GradientBatch,
  type GradientFunction,
  type GradientOptions,
} from './gradient-function.ts';
import { blockSize } from './graph/block.ts';
import { filled, GraphBuilder } from './graph/builder.ts';
import { plain } from './graph/layout.ts';
import { crossEntropy } from './loss.ts';
import { STEP } from './step-graph.ts';

const gradientOf = (name: string): string => `gradient of ${name}`;

/**
 * Gradients in ONNX Runtime: the way there and the way back are one graph, the weights are its constants.
 *
 * @throws {InputError} if the network has an operation without a gradient, or the runtime refuses the graph
 */
export async function onnxRuntimeGradients(
  ort: typeof OnnxRuntime,
  given: Network,
  options: GradientOptions,
  threads: number,
): Promise<GradientFunction> {
  const network = evaluatedLogits(given, options);
  const bytes = gradientGraph(network, options, await blockSize(ort));
  const session = await createSession(ort, bytes, `differentiate network "${network.name}"`, {
    intraOpNumThreads: threads,
  });
  const tensor = ({ dims, data }: FloatTensor) => new ort.Tensor('float32', data, dims);
  const [input] = network.inputs;
  return {
    async run(batch: GradientBatch) {
      checkBatch(batch, options);
      const image = typedTensor(ort, batch.input, input?.type);
      const feeds = { [input?.name ?? '']: image, [STEP.targets]: tensor(batch.targets) };
      const results = await session.run(feeds);
      return new Map(
        options.of.map((name) => {
          const data = results[gradientOf(name)]?.data;
          if (!(data instanceof Float32Array)) throw new Error(`there is no gradient of "${name}"`);
          return [name, floatTensor(constantOf(network, name).dims, data)];
        }),
      );
    },
    dispose: () => session.release(),
  };
}

function gradientGraph(network: Network, { of, batch }: GradientOptions, block: number): Uint8Array {
  const g = new GraphBuilder({ block });
  const variables = new Map(of.map((name) => [name, g.constant(constantOf(network, name))]));
  const { logits, backward } = differentiateLogits(g, network, batch, variables);
  const loss = crossEntropy(g, logits, g.input(STEP.targets, logits.dims));
  const gradients = backward(loss.gradient);
  for (const name of of) {
    const gradient = gradients.get(name);
    const { dims } = constantOf(network, name);
    g.output(gradientOf(name), gradient ? plain(g, gradient) : g.constant(filled(dims, 0)));
  }
  return g.encode(`gradients of ${network.name}`);
}
