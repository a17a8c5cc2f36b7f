import type { Network, Node } from './network.ts';
import { outputOf } from './network.ts';
import { operationOf } from './ops/index.ts';
import { inferShapes } from './shapes.ts';
import { type Shape, sizeOf } from './tensor.ts';

/** Params: learnable numbers. MACs: multiply-accumulates of convolution and dense layers for one image. */
export interface Cost {
  readonly params: number;
  readonly macs: number;
}

export interface LayerCost extends Cost {
  readonly name: string;
  readonly op: string;
  /** For one image, the batch axis included as 1. */
  readonly outputShape: Shape;
}

/** Cost of every node. A tensor that several nodes share is counted for the first of them. */
export function layerCosts(network: Network): LayerCost[] {
  const shapes = inferShapes(network, 1);
  const shapeOf = (value: string): Shape => shapes.get(value) ?? [];
  const counted = new Set<string>();
  return network.nodes.map((node) => {
    let params = 0;
    for (const tensor of parametersOf(network, node)) {
      if (counted.has(tensor)) continue;
      counted.add(tensor);
      params += sizeOf(shapeOf(tensor));
    }
    const use = weightUse(network, node, shapeOf);
    return {
      name: node.name,
      op: node.op,
      outputShape: shapeOf(outputOf(node)),
      params,
      macs: use ? use.positions * sizeOf(shapeOf(use.tensor)) : 0,
    };
  });
}

export function networkCost(network: Network): Cost {
  return layerCosts(network).reduce(
    (sum, layer) => ({ params: sum.params + layer.params, macs: sum.macs + layer.macs }),
    { params: 0, macs: 0 },
  );
}

/** Names of a node's learnable constants. */
export function parametersOf(network: Network, node: Node): string[] {
  const names = operationOf(node).parameters?.(node, network.constants) ?? [];
  return names.filter((name) => network.constants.has(name));
}

/** The weight that a convolution or dense layer applies; undefined for other nodes and for computed weights. */
export function weightUse(network: Network, node: Node, shapeOf: (value: string) => Shape) {
  const use = operationOf(node).weight?.(node, shapeOf);
  return use && network.constants.has(use.tensor) ? use : undefined;
}
