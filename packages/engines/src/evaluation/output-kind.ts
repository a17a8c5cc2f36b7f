import { inferShapes, type Network, type NetworkMetadata, type Node, sizeOf } from '@espalier/network';
import type { OutputKind } from './score.ts';

/** A network that ends in Softmax, or of one score in Sigmoid, returns probabilities, whatever its metadata says. */
export function outputKind(
  network: Network,
  metadata: NetworkMetadata | undefined,
  output = network.outputs[0] ?? '',
): OutputKind {
  const last = producerOf(network, output)?.op;
  const tells = last === 'Softmax' || (last === 'Sigmoid' && isOneScore(network, output));
  return tells ? 'probabilities' : (metadata?.output ?? 'logits');
}

/** [batch, 1]: it tells two classes apart. */
function isOneScore(network: Network, output: string): boolean {
  return sizeOf(inferShapes(network, 1).get(output) ?? [0]) === 1;
}

/** What computes the values of an output, changes of shape left out. */
export function producerOf(network: Network, output: string): Node | undefined {
  const producers = new Map(network.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  let producer = producers.get(output);
  while (producer && ['Identity', 'Flatten', 'Reshape'].includes(producer.op)) {
    producer = producers.get(producer.inputs[0] ?? '');
  }
  return producer;
}
