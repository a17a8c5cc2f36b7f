import { inputOf, type Network, outputOf } from './network.ts';
import { isElementwise } from './ops/elementwise.ts';
import { flatten, reshape } from './ops/reshape.ts';
import { inferShapes } from './shapes.ts';
import { sizeOf } from './tensor.ts';

/** Of a float32. */
const BYTES = 4;

/** Their output is their input's memory, seen in another shape. */
const VIEWS: ReadonlySet<string> = new Set([flatten.op, reshape.op, 'Identity']);

/**
 * The most bytes that inputs, outputs and the values between the layers take at one time; weights are not among them.
 * A value lives from the node that computes it to the last one that reads it, inputs and outputs to the end. What an
 * element-wise operation computes takes the place of an input that nobody reads afterwards, as runtimes do it. A lower
 * limit of what a runtime takes: what it packs or unfolds for a product comes on top.
 *
 * @param batch images per run
 */
export function peakActivationBytes(network: Network, batch = 1): number {
  const shapes = inferShapes(network, batch);
  const bytesOf = (value: string) => sizeOf(shapes.get(value) ?? []) * BYTES;
  const isValue = (name: string) => name !== '' && !network.constants.has(name);
  /** Whose memory a view shows. */
  const shown = new Map<string, string>();
  const memoryOf = (value: string) => shown.get(value) ?? value;
  for (const node of network.nodes) {
    if (VIEWS.has(node.op)) shown.set(outputOf(node), memoryOf(inputOf(node, 0)));
  }

  const end = network.nodes.length;
  const lastUse = new Map<string, number>();
  network.nodes.forEach(({ inputs, outputs }, i) => {
    for (const value of [...outputs, ...inputs].filter(isValue)) lastUse.set(memoryOf(value), i);
  });
  for (const value of [...network.outputs, ...network.inputs.map(({ name }) => name)]) {
    lastUse.set(memoryOf(value), end);
  }

  const alive = new Map(network.inputs.map(({ name }) => [name, bytesOf(name)]));
  let now = [...alive.values()].reduce((sum, bytes) => sum + bytes, 0);
  let peak = now;
  network.nodes.forEach((node, i) => {
    const read = new Set(node.inputs.filter(isValue).map(memoryOf));
    const free = isElementwise(node.op) ? [...read].filter((value) => lastUse.get(value) === i) : [];
    for (const value of node.outputs.filter((name) => name !== '' && !shown.has(name))) {
      const bytes = bytesOf(value);
      const replaced = free.find((other) => alive.get(other) === bytes);
      if (replaced !== undefined) alive.delete(replaced);
      else now += bytes;
      alive.set(value, bytes);
    }
    peak = Math.max(peak, now);
    for (const value of [...read, ...node.outputs]) {
      if (lastUse.get(value) !== i) continue;
      now -= alive.get(value) ?? 0;
      alive.delete(value);
    }
  });
  return peak;
}
