import { oneLine } from './failure.ts';
import { type Progress, ProgressLine } from './progress.ts';
import { onStderr } from './render/colour.ts';

/** Messages and progress on stderr, so that stdout holds nothing but the result. */
export class Terminal {
  /** Said when the first signal arrives; empty where somebody else says it. */
  stopping = 'stopping (press again to stop at once)';
  /** What is safe when the running command is stopped. */
  stopNote = 'stopped';
  private readonly stream: NodeJS.WriteStream;
  private readonly warned = new Set<string>();
  private running: ProgressLine | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
  }

  /** One line for the person. */
  say(line: string): void {
    this.running?.clear();
    this.stream.write(`${line}\n`);
  }

  /** Once, however often a data set is opened. */
  warn(text: string): void {
    if (this.warned.has(text)) return;
    this.warned.add(text);
    this.say(`${onStderr.yellow('warning:')} ${oneLine(text)}`);
  }

  /** Starts a progress line; one at a time. */
  progress(label: string, unit: string): Progress {
    this.endProgress();
    const line = new ProgressLine(this.stream, label, unit);
    this.running = line;
    return line;
  }

  endProgress(): void {
    this.running?.stop();
    this.running = undefined;
  }
}

/** What every command is handed. */
export interface Context {
  readonly terminal: Terminal;
  /** Aborted when the person stops the command. */
  readonly signal: AbortSignal;
}

/** Writes to stdout. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
