import { describe, expect, it } from 'vitest';
import { jsonText } from './json.ts';

describe('JSON for people', () => {
  it('says the same as JSON.stringify, a row of a matrix a line', () => {
    const value = {
      grid: [0.1, 0.2],
      accuracy: [[1, 2], [3]],
      nested: { list: [] },
      none: null,
      off: undefined,
    };
    expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
    expect(jsonText({ accuracy: [[1, 2], [3]] })).toBe('{\n  "accuracy": [\n    [1,2],\n    [3]\n  ]\n}\n');
  });
});
