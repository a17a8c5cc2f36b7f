import { expect, test } from 'vitest';
import { InputError, readBy } from './index.ts';

/** A schema that finds this wrong, whatever it is given. */
const finding = (count: number, path: readonly string[], input: unknown) => ({
  safeParse: () => {
    const issues = new Array(count).fill({ path, message: 'give a number', input });
    return { success: false as const, error: { issues } };
  },
});

test('whatever is wrong is told in a line of some length', () => {
  const told = (schema: ReturnType<typeof finding>) => {
    try {
      return readBy(schema, null, 'file', 'field');
    } catch (error) {
      return (error as InputError).message;
    }
  };
  expect(told(finding(1, ['a', 'b'], 'c\nd'))).toBe('file: a.b: give a number, not "c\u{fffd}d"');
  expect(told(finding(9, ['a'], 1))).toMatch(/^file: a: give a number, not 1; .*; and 4 more$/);
  expect(told(finding(70_000, ['x'.repeat(9000)], 'y'.repeat(9000)))).toMatch(/^[^\n]{1,2500}$/);
  expect(() => readBy(finding(1, [], 1), null)).toThrow(InputError);
});
