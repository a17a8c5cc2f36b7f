import type { Command } from 'commander';
import { wholeNumber } from '../../options.ts';
import type { Context } from '../../terminal.ts';
import { VERSION } from '../../version.ts';

const HELP = `
Environment:
  ESPALIER_DATABASE_URL   the platform's PostgreSQL (required); it is waited for if it is not up yet
  ESPALIER_S3_BUCKET      the platform's bucket, with _PREFIX, _ENDPOINT and _REGION; without it artifacts are
                          in ESPALIER_HOME/artifacts, which the machines then have to share
  ESPALIER_HEARTBEAT_FILE a file that is touched every two seconds, for whoever watches over the process

Ctrl-C or SIGTERM gives back what it is at; another worker goes on. That is its ordinary end: exit code 0.`;

export function registerWorker(program: Command, { terminal, signal }: Context): void {
  program
    .command('worker')
    .summary('compute runs of a platform')
    .description('Takes runs of a platform and computes them, until it is stopped.')
    .option('--engine <name>', 'auto, onnxruntime or tensorflow', 'auto')
    .option('--threads <n>', 'cores to use (default: all)', wholeNumber(1))
    .addHelpText('after', HELP)
    .action(async (options: { readonly engine: string; readonly threads?: number }) => {
      // Databases and queues are of no use to the other commands, and take a second to load.
      const { runWorker } = await import('@espalier/worker');
      await runWorker({
        ...options,
        version: VERSION,
        signal,
        onWait: (reason, seconds) => terminal.say(`${reason}; trying again in ${seconds} s`),
        onStart: ({ id }) => terminal.say(`${id} takes runs; Ctrl-C ends it`),
        onError: (error) => {
          if (!signal.aborted) terminal.warn(error instanceof Error ? error.message : String(error));
        },
      });
      terminal.say('stopped; what it was at has gone back to the queue');
    });
}
