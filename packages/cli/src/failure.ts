import { InputError, MisfitError } from '@espalier/errors';
import { CommanderError } from 'commander';
import { flagFor } from './flags.ts';
import { Interrupted } from './interrupt.ts';

/** The command line cannot be carried out as it stands, whatever the files hold. Exit code 2. */
export class MisuseError extends Error {
  override name = 'MisuseError';
}

/** A program that we started has failed, and said why itself. */
export class ChildEnded extends Error {
  override name = 'ChildEnded';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`ended with ${exitCode}`);
    this.exitCode = exitCode;
  }
}

export const EXIT = { ok: 0, badInput: 1, misuse: 2 } as const;

/** What to print for a failure, if anything, and the exit code. */
export interface Verdict {
  readonly exitCode: number;
  readonly line?: string;
}

/** @param offered whether the command that ran has a flag: bad input is named by the flag that it came with */
export function judge(
  error: unknown,
  env: NodeJS.ProcessEnv = process.env,
  offered: (flag: string) => boolean = () => true,
): Verdict {
  if (error instanceof CommanderError) {
    // Commander has printed already; help and version are no failures.
    return { exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.misuse };
  }
  if (error instanceof Interrupted || error instanceof ChildEnded) return { exitCode: error.exitCode };
  if (error instanceof MisuseError) return { exitCode: EXIT.misuse, line: oneLine(error.message) };
  if (error instanceof InputError) {
    const fields = [error.field ?? [], error.others].flat();
    const flags = new Set(fields.flatMap((field) => flagFor(field, offered) ?? []));
    const line = oneLine(error.message);
    const exitCode = error instanceof MisfitError ? EXIT.misuse : EXIT.badInput;
    return { exitCode, line: flags.size === 0 ? line : `${[...flags].join(', ')}: ${line}` };
  }
  if (env.ESPALIER_DEBUG) {
    return {
      exitCode: EXIT.badInput,
      line: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
  const message = oneLine(error instanceof Error ? error.message : String(error));
  return {
    exitCode: EXIT.badInput,
    line: `${message || 'unknown error'} (unexpected: ESPALIER_DEBUG=1 shows where)`,
  };
}

export function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
