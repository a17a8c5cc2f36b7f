import { describe, expect, it } from 'vitest';
import { AS_IT_IS, readAsOf } from './read-as.ts';

describe('how a file is read', () => {
  it('is nothing where nothing is said', () => {
    expect(readAsOf(AS_IT_IS)).toBeNull();
    expect(readAsOf({ input: '  ', set: '', output: '\n' })).toBeNull();
  });

  it('is what the command takes', () => {
    expect(readAsOf({ ...AS_IT_IS, input: '1x3x48x192' })).toEqual({ input: [{ shape: [1, 3, 48, 192] }] });
    expect(readAsOf({ input: 'a=b=1x4  2x3', set: 'ratio=0.5 n=-1', output: 'scores boxes' })).toEqual({
      input: [{ name: 'a=b', shape: [1, 4] }, { shape: [2, 3] }],
      set: { ratio: 0.5, n: -1 },
      output: ['scores', 'boxes'],
    });
  });

  it.each([
    [{ input: '1x0x3' }, 'Size: "1x0x3" is none; give it as 1x3x48x192'],
    [{ input: '=1x3' }, 'Size: "=1x3"'],
    [{ input: 'x=' }, 'Size: "x="'],
    [{ set: 'ratio' }, 'Fixed inputs: give "ratio" as NAME=1.'],
    [{ set: 'ratio=' }, 'Fixed inputs: give "ratio=" as NAME=1.'],
    [{ set: '=1' }, 'Fixed inputs: give "=1" as NAME=1.'],
    [{ set: 'ratio=many' }, 'Fixed inputs: give "ratio=many" as NAME=1.'],
  ])('%o is refused with what to give', (given, message) => {
    expect(() => readAsOf({ ...AS_IT_IS, ...given })).toThrow(message);
  });
});
