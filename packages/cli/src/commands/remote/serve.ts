import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InputError } from '@espalier/errors';
import type { Command } from 'commander';
import { ChildEnded } from '../../failure.ts';
import type { Context } from '../../terminal.ts';

/** The server is above this room: it is started as a process, never imported. */
const SERVER = fileURLToPath(new URL('../../../../../apps/api/bin/serve.mjs', import.meta.url));

export function registerServe(program: Command, { terminal, signal }: Context): void {
  program
    .command('serve')
    .summary('start a platform: database, API, a worker')
    .usage('[--no-example] [--no-worker] [--link] [--new-key] [--sign-in-link [EMAIL]]')
    .argument('[flags...]')
    // Its flags and its help are the server's own.
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (flags: readonly string[]) => {
      if (!existsSync(SERVER))
        throw new InputError(
          'this installation has no server: use a clone of the repository, or a Docker image',
        );
      terminal.stopping = '';
      // As scripts/start.mjs has it.
      const child = spawn(process.execPath, ['--max-semi-space-size=64', SERVER, ...flags], {
        stdio: 'inherit',
      });
      // A terminal's Ctrl-C reaches both; the server takes what follows at once for an echo.
      signal.addEventListener('abort', () => child.kill('SIGTERM'));
      const code = await new Promise<number>((resolve, reject) => {
        child.on('error', reject);
        child.on('exit', (status) => resolve(status ?? 1));
      });
      if (code !== 0) throw new ChildEnded(code);
    });
}
