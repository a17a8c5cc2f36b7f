import { z } from 'zod';

// What files of this room hold, and the platform keeps: it is short, and can be written anywhere.

const MOST_LETTERS = 200;

export const text = z
  .string()
  .min(1)
  .max(MOST_LETTERS)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'give a text without control characters');
/** Of things: also more than 32 bits. */
export const count = z.int().nonnegative();
export const some = z.int32().positive();
export const ratio = z.number().positive();
export const speedupSchema = z.object({ ratio, low: ratio, high: ratio });
