import { layerCosts, type Network } from '@espalier/network';
import type { SummaryLayer } from '@espalier/runs';

/** The network as people draw it: convolutions, dense layers and BatchNorm, joined by additions and the like. */
export function layersOf(network: Network): SummaryLayer[] {
  const costs = layerCosts(network);
  const layers: SummaryLayer[] = [];
  /** The layers that a value comes from. */
  const origins = new Map<string, readonly number[]>();
  network.nodes.forEach(({ name, op: own, inputs, outputs, opaque }, index) => {
    const op = opaque?.domain === '' ? opaque.op : own;
    const { outputShape = [], params = 0, macs = 0 } = costs[index] ?? {};
    const from = [...new Set(inputs.flatMap((value) => origins.get(value) ?? []))].sort((a, b) => a - b);
    const isLayer = params > 0 || macs > 0 || from.length > 1;
    if (isLayer) layers.push({ name, op, shape: [...outputShape], params, macs, from });
    for (const value of outputs) origins.set(value, isLayer ? [layers.length - 1] : from);
  });
  return layers;
}
