import { fileURLToPath } from 'node:url';
import { readNetwork } from '@espalier/formats';
import { foldBatchNorm, initialise, type Network } from '@espalier/network';
// By its file: how our own architectures are written down is nobody else's business.
import { ArchitectureBuilder } from '../../packages/network/src/architectures/builder.ts';
import { Random } from '../../packages/network/test/random.ts';

/** A network that modules.py builds again in PyTorch. */
export interface Case {
  /** Of the folder, and of the module in modules.py. */
  readonly name: string;
  /** Whose tensors are those of the module. */
  readonly network: Network;
  /** What the plan is of: the same network, as another exporter may have written it. */
  readonly exported: Network;
}

export async function cases(): Promise<Case[]> {
  const file = fileURLToPath(new URL('../../models/resnet20-cifar10.onnx', import.meta.url));
  const { network: resnet20 } = await readNetwork(file);
  const grouped = groupedNetwork();
  return [
    { name: 'resnet20', network: resnet20, exported: resnet20 },
    { name: 'resnet20-folded', network: resnet20, exported: renamed(foldBatchNorm(resnet20)) },
    { name: 'grouped', network: grouped, exported: grouped },
    { name: 'grouped-renamed', network: grouped, exported: renamed(grouped) },
  ];
}

/** Grouped and depthwise convolutions with drawn statistics, and a sum. */
function groupedNetwork(): Network {
  const b = new ArchitectureBuilder('grouped', [3, 32, 32]);
  const block = (x: string, name: string, out: number, options: object) => {
    return b.relu(b.batchNorm(b.conv(x, `${name}.conv`, out, options), `${name}.norm`), `${name}.relu`);
  };
  const stem = block('input', 'stem', 16, { stride: 2 });
  const grouped = block(stem, 'grouped', 24, { group: 4 });
  const deep = block(grouped, 'deep', 24, { group: 24, bias: true });
  const sum = b.add(block(deep, 'narrow', 16, { kernel: 1 }), stem, 'sum');
  const random = new Random(3);
  const network = initialise(b.classifier(sum, 10), () => random.next());
  // Drawn parameters of BatchNorm: as they begin they are all alike.
  const constants = new Map(network.constants);
  for (const [name, { dims, data }] of network.constants) {
    if (!name.includes('.norm.')) continue;
    const values = Float32Array.from({ length: data.length }, () => 0.5 + random.next());
    constants.set(name, { dims, data: values });
  }
  return { ...network, constants };
}

/** With names of tensors that say nothing. */
function renamed(network: Network): Network {
  const names = new Map([...network.constants.keys()].map((name, i) => [name, `onnx::Tensor_${i}`]));
  const nodes = network.nodes.map((node) => {
    return { ...node, inputs: node.inputs.map((input) => names.get(input) ?? input) };
  });
  const constants = new Map(
    [...network.constants].map(([name, tensor]) => [names.get(name) ?? name, tensor]),
  );
  return { ...network, nodes, constants };
}
