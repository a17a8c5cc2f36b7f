import { layerCosts, type Network } from '@espalier/network';

/** A node that costs something, or where branches meet. */
export interface SummaryLayer {
  readonly name: string;
  readonly op: string;
  /** Of the output, for one image. */
  readonly shape: readonly number[];
  readonly params: number;
  readonly macs: number;
  /** The layers that it reads from, by their index here; what lies between is left out. Empty at the input. */
  readonly from: readonly number[];
}

/** The network as people draw it: convolutions, dense layers and BatchNorm, joined by additions and the like. */
export function layersOf(network: Network): SummaryLayer[] {
  const costs = layerCosts(network);
  const layers: SummaryLayer[] = [];
  /** The layers that a value comes from. */
  const origins = new Map<string, readonly number[]>();
  network.nodes.forEach(({ name, op, inputs, outputs }, index) => {
    const { outputShape = [], params = 0, macs = 0 } = costs[index] ?? {};
    const from = [...new Set(inputs.flatMap((value) => origins.get(value) ?? []))].sort((a, b) => a - b);
    const isLayer = params > 0 || macs > 0 || from.length > 1;
    if (isLayer) layers.push({ name, op, shape: [...outputShape], params, macs, from });
    for (const value of outputs) origins.set(value, isLayer ? [layers.length - 1] : from);
  });
  return layers;
}
