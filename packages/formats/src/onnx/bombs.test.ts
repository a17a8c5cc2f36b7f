import { InputError } from '@espalier/errors';
import { channelMap, networkCost, networkHash } from '@espalier/network';
import { expect, test } from 'vitest';
import { bombs, READ } from '../../test/bombs.ts';
import { decodeOnnx } from './decode.ts';

/** Of computing: the machine may be busy. */
const MOMENT_MS = 8000;
const MOST_BYTES = 600e6;

test.each(bombs.map((bomb) => [bomb.name, bomb.bytes] as const))(
  '%s',
  { timeout: 60_000 },
  async (name, bytes) => {
    const before = memory();
    const began = process.cpuUsage();
    let refused = false;
    try {
      const { network } = await decodeOnnx(bytes, { name: 'bomb.onnx' });
      channelMap(network);
      networkHash(network);
      networkCost(network);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refused = true;
    }
    expect(refused).toBe(!READ.test(name));
    expect(spent(began)).toBeLessThan(MOMENT_MS);
    expect(memory() - before).toBeLessThan(MOST_BYTES);
  },
);

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Milliseconds of this process since then. */
function spent(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
