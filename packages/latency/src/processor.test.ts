import { cpus } from 'node:os';
import { expect, it } from 'vitest';
import { processorName, widestVectors } from './processor.ts';

it('tells generations of one name apart by what they compute with', () => {
  const of = (flags: string) =>
    widestVectors(`processor\t: 0\nmodel name\t: AMD EPYC\nflags\t\t: ${flags}\n`);
  expect(of('fpu sse2 avx avx2 avx512f avx512_vnni')).toBe('AVX-512');
  expect(of('fpu sse2 avx fma avx2')).toBe('AVX2');
  expect(of('fpu sse2 avx')).toBe('AVX');
  expect(of('fpu sse2')).toBe(null);
  expect(widestVectors('processor\t: 0\nFeatures\t: fp asimd sve\n')).toBe('SVE');
  expect(widestVectors('')).toBe(null);
});

it('begins with the name that the system tells', () => {
  const model = cpus()[0]?.model.trim() || 'unknown';
  expect([model, ...['AVX-512', 'AVX2', 'AVX', 'SVE'].map((one) => `${model}, ${one}`)]).toContain(
    processorName(),
  );
});
