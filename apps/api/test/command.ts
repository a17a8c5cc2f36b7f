import { espalier, espalierHere, type Finished } from '../../../packages/cli/test/espalier.ts';

export type Espalier = (...args: string[]) => Promise<Finished>;

/** Runs the real command with a separate home, in a process of its own. */
export function commandIn(home: string, variables: Readonly<Record<string, string>> = {}): Espalier {
  return (...args) => espalier(args, { env: { ESPALIER_HOME: home, ...variables } });
}

/** The same in this process: see `espalierHere`. */
export function commandHere(home: string, variables: Readonly<Record<string, string>> = {}): Espalier {
  return (...args) => espalierHere(args, { env: { ESPALIER_HOME: home, ...variables } });
}
