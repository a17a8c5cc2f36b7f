import { ChildEnded, EXIT, judge } from './failure.ts';
import { Interrupted, interruptSignal } from './interrupt.ts';
import { espalier } from './program.ts';
import { onStderr } from './render/colour.ts';
import { type Context, Terminal } from './terminal.ts';

/** Runs one command and ends the process with its exit code. */
export async function runEspalier(argv: readonly string[]): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endWithReader);
  const terminal = new Terminal(process.stderr);
  const signal = interruptSignal(() => {
    if (terminal.stopping) terminal.say(terminal.stopping);
  });
  const exitCode = await runCommand(argv, { terminal, signal });
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // Engines keep threads of their own, which must not hold the process back.
  process.exit(exitCode);
}

/** Runs one command to its end, whatever that is; answers the exit code. */
export async function runCommand(argv: readonly string[], context: Context): Promise<number> {
  const { terminal, signal } = context;
  const program = espalier(context);
  // The second hook knows the commands within a command, the first one comes before options are read.
  let running = program;
  program.hook('preSubcommand', (_, command) => {
    running = command;
  });
  program.hook('preAction', (_, command) => {
    running = command;
  });
  const offered = (flag: string) => running.options.some(({ long }) => long === flag);
  try {
    await program.parseAsync(argv);
    return EXIT.ok;
  } catch (error) {
    // Whatever an aborted computation throws, the reason is that it was stopped.
    const stopped = signal.aborted && !(error instanceof ChildEnded);
    const verdict = judge(stopped ? signal.reason : error, process.env, offered);
    terminal.endProgress();
    if (verdict.line) terminal.say(`${onStderr.red('error:')} ${verdict.line}`);
    if (signal.reason instanceof Interrupted && !(error instanceof ChildEnded)) {
      terminal.say(terminal.stopNote);
    }
    return verdict.exitCode;
  }
}

/** The reader of a pipe has gone (`espalier ... | head`): there is nobody left to write for. */
function endWithReader(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.badInput);
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
