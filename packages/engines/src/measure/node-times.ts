import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeOnnx } from '@espalier/formats';
import { type FloatTensor, type Network, outputOf, withoutTail } from '@espalier/network';
import type * as OnnxRuntime from 'onnxruntime-node';
import { createSession } from '../onnxruntime-session.ts';
import { typedTensor } from '../onnxruntime-tensors.ts';

/** What ONNX Runtime's profile tells of one run of one node. */
interface Event {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
}

const KERNEL = '_kernel_time';
/** Appended where a node was brought into the runtime's blocked layout. */
const BLOCKED = '_nchwc';

/**
 * Milliseconds of what the runtime makes of a network, by name of the network's node: the mean of the middle half of all
 * runs, since the runtime tells whole microseconds and a small node takes few. Nodes that the runtime computes together
 * are told as the last one of them. What it adds by itself, such as changes of layout, is told under
 * names of its own.
 *
 * @param inputs the same in every run
 * @param runs timed runs, after as many as `warmup`
 */
export async function onnxRuntimeNodeTimes(
  ort: typeof OnnxRuntime,
  network: Network,
  inputs: Readonly<Record<string, FloatTensor>>,
  { threads, runs, warmup }: { readonly threads: number; readonly runs: number; readonly warmup: number },
): Promise<Map<string, number>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-profile-'));
  try {
    const session = await createSession(
      ort,
      encodeOnnx(withoutTail(network)),
      `profile network "${network.name}"`,
      {
        intraOpNumThreads: threads,
        enableProfiling: true,
        profileFilePrefix: path.join(folder, 'nodes'),
      },
    );
    try {
      const feeds = Object.fromEntries(
        network.inputs.flatMap(({ name, type }) => {
          const tensor = inputs[name];
          return tensor ? [[name, typedTensor(ort, tensor, type)]] : [];
        }),
      );
      for (let i = 0; i < warmup + runs; i++) await session.run(feeds);
    } finally {
      session.endProfiling();
      await session.release();
    }
    const [file = ''] = await readdir(folder);
    const events = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as Event[];
    return middleMeans(network, events, warmup);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function middleMeans(network: Network, events: readonly Event[], warmup: number): Map<string, number> {
  const durations = new Map<string, number[]>();
  for (const { cat, name, dur } of events) {
    if (cat !== 'Node' || !name.endsWith(KERNEL)) continue;
    const list = durations.get(name);
    if (list) list.push(dur);
    else durations.set(name, [dur]);
  }
  // A fused node is called like the value that it computes.
  const nodes = new Map(
    network.nodes.flatMap((node) => [
      [outputOf(node), node.name],
      [node.name, node.name],
    ]),
  );
  return new Map(
    [...durations].map(([name, all]) => {
      const plain = name.slice(0, -KERNEL.length);
      const known =
        nodes.get(plain) ?? nodes.get(plain.endsWith(BLOCKED) ? plain.slice(0, -BLOCKED.length) : '');
      const sorted = all.slice(warmup).toSorted((a, b) => a - b);
      return [known ?? plain, middleMean(sorted) / 1000];
    }),
  );
}

/** @param sorted at least one value, ascending */
function middleMean(sorted: readonly number[]): number {
  const outer = Math.floor(sorted.length / 4);
  const middle = sorted.slice(outer, sorted.length - outer);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
