import { InputError } from '@espalier/errors';

export const DEFAULT_GRID = '0.1:0.9:0.1';
/** A group is measured once for each; more say nothing new. */
const MOST_RATIOS = 1000;
const LONGEST_QUOTE = 100;

/**
 * Ratios from "first:last:step" or from a list "0.25,0.5": ascending, distinct, each strictly between 0
 * and 1.
 */
export function parseGrid(given: string): number[] {
  const range = given.split(':');
  const parts = range.length === 3 ? range : given.split(',');
  if (parts.length > MOST_RATIOS) {
    throw refused(`the grid lists ${parts.length} ratios; at most ${MOST_RATIOS} make sense`);
  }
  const text = given.length > LONGEST_QUOTE ? `${given.slice(0, LONGEST_QUOTE)}...` : given;
  const numbers = parts.map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (given.trim() === '') throw refused('the grid is empty; give it as first:last:step, e.g. 0.1:0.9:0.1');
  if (numbers.some((value) => !Number.isFinite(value)) || range.length === 2 || range.length > 3) {
    throw refused(
      `"${text}" is not a grid; give it as first:last:step (0.1:0.9:0.1) or as a list (0.25,0.5)`,
    );
  }
  const ratios = range.length === 3 ? stepped(text, numbers) : [...new Set(numbers)].sort((a, b) => a - b);
  const outside = ratios.find((ratio) => ratio <= 0 || ratio >= 1);
  if (outside !== undefined) throw refused(`grid ratio ${outside} lies outside of (0, 1)`);
  return ratios;
}

function refused(message: string): InputError {
  return new InputError(message, 'sampling.grid');
}

function stepped(text: string, [first = 0, last = 0, step = 0]: number[]): number[] {
  if (step <= 0) throw refused(`grid "${text}": the step must be greater than 0`);
  const count = Math.floor((last - first) / step + 1e-9) + 1;
  if (count < 1) throw refused(`grid "${text}" is empty: ${first} lies above ${last}`);
  if (count > MOST_RATIOS) {
    throw refused(`grid "${text}" has ${count} ratios; at most ${MOST_RATIOS} make sense`);
  }
  return Array.from({ length: count }, (_, i) => Number((first + i * step).toFixed(10)));
}

/** Units that a ratio removes from a group of `width`: rounded down, at least one unit stays. */
export function unitsRemoved(ratio: number, width: number): number {
  return Math.min(Math.floor(ratio * width + 1e-9), width - 1);
}
