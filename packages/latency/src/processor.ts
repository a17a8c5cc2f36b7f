import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** The widest comes first: kernels are chosen by it. */
const WIDEST = [
  ['avx512f', 'AVX-512'],
  ['avx2', 'AVX2'],
  ['avx', 'AVX'],
  ['sve', 'SVE'],
] as const;

/**
 * The processor's name, with its widest vector instructions where Linux tells them: `AMD EPYC, AVX2`. Machines that are
 * rented have one name for several generations, and these differ by a factor of three in the same network.
 */
export function processorName(): string {
  const model = cpus()[0]?.model.trim() || 'unknown';
  const vectors = widestVectors(cpuinfo());
  return vectors === null ? model : `${model}, ${vectors}`;
}

/** @param text of `/proc/cpuinfo` */
export function widestVectors(text: string): string | null {
  const line = /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1] ?? '';
  const flags = new Set(line.trim().split(/\s+/));
  return WIDEST.find(([flag]) => flags.has(flag))?.[1] ?? null;
}

function cpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    // Not Linux.
    return '';
  }
}
