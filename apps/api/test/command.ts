import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../../packages/cli/bin/espalier.mjs', import.meta.url));

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Espalier = (...args: string[]) => Promise<Finished>;

/** Runs the real command with a separate home. */
export function commandIn(home: string, variables: Readonly<Record<string, string>> = {}): Espalier {
  return (...args) =>
    new Promise((resolve) => {
      const env = { ...process.env, NO_COLOR: '1', ESPALIER_HOME: home, ...variables };
      execFile(process.execPath, [BIN, ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr });
      }).stdin?.end();
    });
}
