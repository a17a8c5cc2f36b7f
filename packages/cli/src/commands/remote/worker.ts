import { VERSION } from '@espalier/pipeline';
import type { Command } from 'commander';
import { Interrupted } from '../../interrupt.ts';
import { wholeNumber } from '../../options.ts';
import type { Context } from '../../terminal.ts';

const HELP = `
Environment:
  ESPALIER_DATABASE_URL   the platform's PostgreSQL (required); the worker waits if it is not up yet
  ESPALIER_S3_BUCKET      the platform's bucket, with _PREFIX, _ENDPOINT and _REGION; without it artifacts are
                          in ESPALIER_HOME/artifacts, which all machines must share
  ESPALIER_STAGE_SECONDS  seconds that a stage may take, some by name: 21600,sampling=72000,finetuning=72000
                          (the default)
  ESPALIER_CHILD_MEMORY_MB
                          memory that a computation may take (default: 80 % of the machine's; give less if several
                          workers share one)
  ESPALIER_CACHE_GB       upper limit for artifacts and cached results on this machine (50)
  ESPALIER_HEARTBEAT_FILE a file that is touched every two seconds, to monitor the process

Ctrl-C or SIGTERM hands the current job back, and another worker continues it; the exit code is 0. With
--drain-on-sigterm, SIGTERM lets it finish the job first; a second one ends it at once.`;

interface Options {
  readonly engine: string;
  readonly threads?: number;
  readonly drainOnSigterm?: boolean;
}

export function registerWorker(program: Command, { terminal, signal }: Context): void {
  program
    .command('worker')
    .summary('compute runs of a platform')
    .description('Takes runs of a platform and computes them, until it is stopped.')
    .option('--drain-on-sigterm', 'finish the current job before it stops, and take no other')
    .option('--engine <name>', 'auto, onnxruntime or tensorflow', 'auto')
    .option('--threads <n>', 'cores to use (default: all)', wholeNumber(1))
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const { drainOnSigterm = false, ...rest } = options;
      const drains = (reason: unknown) =>
        drainOnSigterm && reason instanceof Interrupted && reason.by === 'SIGTERM';
      // Databases and queues are of no use to the other commands, and take a second to load.
      const { runWorker } = await import('@espalier/worker');
      let started = false;
      await runWorker({
        ...rest,
        version: VERSION,
        signal,
        onWait: (reason, seconds) => terminal.say(`${reason}; trying again in ${seconds} s`),
        log: (line) => terminal.say(`${new Date().toISOString()} ${line}`),
        drains,
        onStart: ({ id }) => {
          started = true;
          terminal.say(`${id} takes runs; Ctrl-C ends it`);
        },
        onError: (error) => {
          if (!signal.aborted) terminal.warn(error instanceof Error ? error.message : String(error));
        },
      });
      const drained = !started || drains(signal.reason);
      terminal.say(drained ? 'stopped' : 'stopped; its job is back in the queue');
    });
}
