import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Message } from './task.ts';

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));

/** Loading the code of it, on a machine that may be busy. */
const START_MS = 60_000;
/** Whoever shares a processor with others waits for it. */
const PATIENCE = 5;
/** Of the times that Linux tells. */
const MS_PER_TICK = 10;
/** Of the processor, for all that one process reads: it is over where nobody is left to end it, too. */
const MOST_CPU_SECONDS = 1800;

/** Nothing else of our environment goes along: no address of a database, no key, no secret. */
const PASSED_ON = [
  ...['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'LD_LIBRARY_PATH'],
  ...['ESPALIER_FROM_SOURCE', 'ESPALIER_DEBUG', 'TSX_TSCONFIG_PATH'],
];

/** How a process ended that should not have: by our own hand, because it took too long, or by itself. */
export type Ended = 'tooSlow' | 'outOfMemory' | { readonly signal: string };

export type Told =
  | Exclude<Message, { readonly kind: 'ready' }>
  | { readonly kind: 'ended'; readonly how: Ended };

/** One process that reads. It has so much memory and no more, which is its own permanently. */
export class Reader {
  readonly memory: number;
  private readonly child: ChildProcess;
  private readonly ready: Promise<void>;
  private tell: ((told: Told) => void) | null = null;
  private ended: Told | null = null;
  private slow = false;
  private complaint = '';

  /**
   * @param memory bytes
   * @param program of which kind of process
   */
  constructor(memory: number, program: string = CHILD) {
    this.memory = memory;
    const kib = Math.ceil(memory / 1024);
    const heap = Math.ceil(memory / 2 ** 21);
    // What cannot be limited here is limited where it can: macOS knows no limit of data.
    const limits = `ulimit -c 0; ulimit -t ${MOST_CPU_SECONDS}; ulimit -d ${kib} 2>/dev/null; exec "$0" "$@"`;
    const node = [process.execPath, `--max-old-space-size=${heap}`, program];
    this.child = spawn('sh', ['-c', limits, ...node], {
      env: Object.fromEntries(
        PASSED_ON.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])),
      ),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaint = (this.complaint + text).slice(-4000);
    });
    this.ready = new Promise((resolve) => {
      const starting = setTimeout(() => this.end(), START_MS);
      this.child.on('message', (message: Message) => {
        if (message.kind !== 'ready') return this.answer(message);
        clearTimeout(starting);
        resolve();
      });
      this.child.on('close', (code, signal) => {
        clearTimeout(starting);
        this.ended = { kind: 'ended', how: this.howEnded(code, signal) };
        this.answer(this.ended);
        resolve();
      });
      this.child.on('error', () => this.end());
    });
    this.hold(false);
  }

  get lives(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.connected;
  }

  /**
   * One at a time.
   *
   * @param milliseconds of the processor, where that can be told, and a few times as many by the clock; loading the
   * code of the process does not count
   */
  async ask(task: object, milliseconds: number): Promise<Told> {
    this.hold(true);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve) => {
        this.tell = resolve;
        void this.ready.then(() => {
          if (this.ended) return this.answer(this.ended);
          const [began, spent] = [performance.now(), this.cpuMilliseconds()];
          const look = () => {
            const passed = performance.now() - began;
            const used = spent === null ? passed : (this.cpuMilliseconds() ?? passed) - spent;
            const left = Math.min(milliseconds - used, milliseconds * PATIENCE - passed);
            if (left > 0) timer = setTimeout(look, Math.max(left, 50));
            else {
              this.slow = true;
              this.end();
            }
          };
          timer = setTimeout(look, milliseconds);
          this.child.send(task);
        });
      });
    } finally {
      clearTimeout(timer);
      this.tell = null;
      this.hold(false);
    }
  }

  /** That it has computed so far; null if the system does not tell. */
  private cpuMilliseconds(): number | null {
    try {
      // Behind the name of the program, which may be anything.
      const fields =
        readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
    } catch {
      return null;
    }
  }

  end(): void {
    this.child.kill('SIGKILL');
  }

  private answer(told: Told): void {
    this.tell?.(told);
  }

  private howEnded(code: number | null, signal: NodeJS.Signals | null): Ended {
    if (this.slow || signal === 'SIGXCPU') return 'tooSlow';
    // By V8's hand, or by that of a library that does not ask whether it got any.
    const isCrash = ['SIGABRT', 'SIGTRAP', 'SIGSEGV', 'SIGBUS', 'SIGILL'].includes(signal ?? '');
    if (isCrash || /out of memory|allocation failed/i.test(this.complaint)) return 'outOfMemory';
    return { signal: signal ?? `exit code ${code}` };
  }

  /** Whoever waits for nothing is not kept from ending. */
  private hold(busy: boolean): void {
    const { child } = this;
    const stderr = child.stderr as unknown as { ref(): void; unref(): void } | null;
    for (const each of [child, child.channel, stderr]) busy ? each?.ref() : each?.unref();
  }
}
