import { InputError } from '@espalier/errors';
import { expect } from 'vitest';

/** Where a message is not cut off, it says what to do. */
const REMEDY = /\b(check|convert|export|give|put|save|simplify)\b|\.\.\.$/;

/** What a refusal of a file has to say: which file, what of it is wrong in one line, and what to do. */
export function expectRefusal(error: unknown, file: string): asserts error is InputError {
  expect(error).toBeInstanceOf(InputError);
  const { message } = error as InputError;
  expect(message.startsWith(`${file}: `)).toBe(true);
  expect(message).toMatch(/^\P{Cc}{1,600}$/u);
  expect(message.slice(file.length)).toMatch(REMEDY);
}
