import { InputError } from '@espalier/errors';

/** What cannot be used, and where it stands. */
export interface Problem {
  /** "row 3", "run 5f2c..."; null if it is about all of them. */
  readonly where: string | null;
  readonly column: string | null;
  /** What is expected, and what stands there. */
  readonly text: string;
}

const MOST_LETTERS = 60;

/** As it stands there, on one line. */
export function shown(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return `"${line.length > MOST_LETTERS ? `${line.slice(0, MOST_LETTERS)}...` : line}"`;
}

/** 'row 3, column "acc": expected a share from 0 to 1, not "good"' */
export function problemLine({ where, column, text }: Problem): string {
  const at = [where, column === null ? null : `column "${column}"`]
    .filter((part) => part !== null)
    .join(', ');
  return at === '' ? text : `${at}: ${text}`;
}

/** Nothing is sent while something is wrong: all of it is told at once. */
export class Unusable extends InputError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const many = problems.length === 1 ? 'one thing' : `${problems.length} things`;
    super(`${many} cannot be used, and nothing was sent`);
    this.problems = problems;
  }
}
