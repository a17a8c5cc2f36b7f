import type { Network, NetworkMetadata, Node } from '@espalier/network';
import type { OutputKind } from './score.ts';

/** A network that ends in Softmax returns probabilities, whatever its metadata says. */
export function outputKind(
  network: Network,
  metadata: NetworkMetadata | undefined,
  output = network.outputs[0] ?? '',
): OutputKind {
  return producerOf(network, output)?.op === 'Softmax' ? 'probabilities' : (metadata?.output ?? 'logits');
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
