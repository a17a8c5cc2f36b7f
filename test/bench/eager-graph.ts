import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Network } from '@espalier/network';

/** Writes a network for `eager_network.py`: graph.json with whatever else is to be told, and weights.bin. */
export async function writeEagerNetwork(folder: string, network: Network, more: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  const constants: Record<string, [number, number, readonly number[]]> = {};
  const parts: Buffer[] = [];
  let at = 0;
  for (const [name, { dims, data }] of network.constants) {
    if (!(data instanceof Float32Array)) continue;
    constants[name] = [at, data.length, dims];
    parts.push(bytesOf(data));
    at += data.length;
  }
  const graph = {
    input: network.inputs[0]?.name,
    output: network.outputs[0],
    nodes: network.nodes,
    constants,
    ...more,
  };
  await writeFile(path.join(folder, 'graph.json'), JSON.stringify(graph));
  await writeFile(path.join(folder, 'weights.bin'), Buffer.concat(parts));
}

export function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
