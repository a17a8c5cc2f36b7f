import type { JsonOption } from './options.ts';
import { print } from './terminal.ts';

/** The result of a command, as the only thing on stdout. */
export function printJson(value: unknown): void {
  print(jsonText(value));
}

/** The result of a command: as JSON where that was asked for, else in words. */
export function show<Result>(result: Result, { json }: JsonOption, words: (result: Result) => string): void {
  if (json) printJson(result);
  else print(words(result));
}

/** JSON for people and `diff`: one line for everything that holds only plain values, rows of a matrix too. */
export function jsonText(value: unknown): string {
  return `${written(value, '')}\n`;
}

function written(value: unknown, indent: string): string {
  if (isFlat(value)) return JSON.stringify(value) ?? 'null';
  const deeper = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => written(item, deeper))
    : Object.entries(value as object)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}: ${written(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.map((line) => deeper + line).join(',\n')}\n${indent}${close}`;
}

function isFlat(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((item) => typeof item !== 'object' || item === null);
}
