import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Engine } from '@espalier/engines';
import { processorName } from '@espalier/latency';
import { floatTensor, type Network } from '@espalier/network';

/** `AMD EPYC, AVX2, 2 cores, 23 GiB; ONNX Runtime 1.30.0 on the CPU, 2 threads; Node 22.1.0` */
export function machineName({ description }: Engine): string {
  return `${processorName()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB; ${description}; Node ${process.versions.node}`;
}

/**
 * The fastest that the engine multiplies and adds on this machine, GFLOP/s: a product of two 1024 x 1024
 * matrices, the best of 20 runs. What convolutions reach is compared with it.
 */
export async function peakGflops(engine: Engine): Promise<number> {
  const n = 1024;
  const values = () =>
    floatTensor(
      [n, n],
      Float32Array.from({ length: n * n }, (_, i) => (i % 7) - 3),
    );
  const network: Network = {
    name: 'peak',
    inputs: [{ name: 'x', shape: [n, n] }],
    outputs: ['y'],
    nodes: [{ name: 'y', op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'], attributes: {} }],
    constants: new Map([['w', values()]]),
  };
  const executable = await engine.compile(network);
  const x = values();
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 20; i++) {
    const started = performance.now();
    await executable.run({ x });
    best = Math.min(best, performance.now() - started);
  }
  await executable.dispose();
  return (2 * n ** 3) / best / 1e6;
}

/** Resident memory of this process and everything below it, bytes. Linux only. */
export function residentTree(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const below = children === '' ? [] : children.split(' ').map(Number);
    return pages * 4096 + below.reduce((sum, child) => sum + residentTree(child), 0);
  } catch {
    return 0;
  }
}
