import { setTimeout } from 'node:timers/promises';
import type { Client } from '@espalier/client';
import { InputError } from '@espalier/errors';
import cliProgress from 'cli-progress';
import { QUIET_INTERVAL_MS, RateMeter } from '../progress.ts';
import { count, duration, plural } from '../render/units.ts';
import type { Context } from '../terminal.ts';
import { wordOf } from './enum-words.ts';
import { RunFollower } from './follow.ts';
import { type Run, stateWord } from './runs.ts';

/** How often done and total are asked for; states arrive by themselves. */
const POLL_MS = 2000;

/**
 * Shows runs as they go on, until all are over: a table that lives on a terminal, a line for each state elsewhere.
 *
 * @param ask all of them as they stand
 */
export async function watchRuns(
  client: Client,
  ask: () => Promise<readonly Run[]>,
  { terminal, signal }: Context,
): Promise<readonly Run[]> {
  const board = process.stderr.isTTY ? new LiveTable(process.stderr) : null;
  const names = new Map<string, string>();
  /** Said once. */
  const waiting = new Set<string>();
  let wake = () => {};
  let quiet = performance.now();
  const follower = new RunFollower(client, (event) => {
    if (event.__typename === 'StateEvent' && !board) {
      terminal.say(`${names.get(event.runId)}: ${stateWord(wordOf(event.state))}`);
    }
    wake();
  });
  try {
    for (;;) {
      signal.throwIfAborted();
      const news = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const runs = await ask();
      for (const run of runs) {
        names.set(run.id, run.name);
        const { waitsFor } = run.progress;
        if (waitsFor !== null && !board && !waiting.has(run.id)) {
          waiting.add(run.id);
          terminal.say(`${run.name}: ${waitingWords(waitsFor)}`);
        }
        if (!run.isOver) follower.follow(run.id);
      }
      if (board) board.show(runs);
      else if (performance.now() - quiet >= QUIET_INTERVAL_MS) {
        quiet = performance.now();
        // Runs that share a sampling get on together: one of them tells of it.
        const first = runs.find(({ isOver, progress: { total } }) => !isOver && total > 0);
        if (first) terminal.say(`${first.name}: ${stateWord(first.state)} ${share(first)}`);
      }
      const over = runs.every(({ isOver }) => isOver);
      const timer = new AbortController();
      const wait = setTimeout(POLL_MS, undefined, { signal: AbortSignal.any([signal, timer.signal]) });
      // The last states may still be on their way.
      await Promise.race([over ? follower.told() : news, wait]).catch(() => {});
      timer.abort();
      await wait.catch(() => {});
      if (over) return runs;
    }
  } finally {
    follower.close();
    board?.close();
  }
}

/** @throws {InputError} unless every run has its result: whoever waits for them in a script has to know */
export function expectFinished(runs: readonly Run[]): void {
  const lost = runs.filter(({ state }) => state !== 'finished');
  if (lost.length === 0) return;
  const [first] = lost;
  const why = first?.error ? `: ${first.error}` : '';
  throw new InputError(
    `${lost.length} of ${plural(runs.length, 'run')} did not finish; ${first?.id} was ${first?.state}${why}`,
  );
}

interface Row {
  readonly bar: cliProgress.SingleBar;
  readonly rate: RateMeter;
  stage: string;
}

/** A line for each run: its stage, how far it is, how fast, how long it still takes. */
class LiveTable {
  private readonly bars: cliProgress.MultiBar;
  private readonly rows = new Map<string, Row>();

  constructor(stream: NodeJS.WriteStream) {
    this.bars = new cliProgress.MultiBar({
      format: '{name}  {stage} {bar} {outlook}',
      stream,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 16,
      gracefulExit: false,
      fps: 4,
    });
  }

  show(runs: readonly Run[]): void {
    const width = Math.max(0, ...runs.map((run) => run.name.length));
    for (const run of runs) {
      const row = this.rows.get(run.id) ?? this.add(run, width);
      const { done, total } = run.progress;
      // Each stage counts something of its own.
      const fresh = row.stage === run.state ? row : { ...row, rate: new RateMeter(), stage: run.state };
      this.rows.set(run.id, fresh);
      fresh.rate.add(performance.now(), done);
      const over = run.isOver;
      fresh.bar.setTotal(over || total === 0 ? 1 : total);
      const at = over ? Number(run.state === 'finished') : total === 0 ? 0 : done;
      fresh.bar.update(at, {
        stage: stateWord(run.state).padEnd(13),
        outlook: over ? '' : outlook(run, fresh.rate),
      });
    }
  }

  close(): void {
    this.bars.stop();
  }

  private add(run: Run, width: number): Row {
    const bar = this.bars.create(1, 0, {
      name: run.name.padEnd(width),
      stage: stateWord(run.state),
      outlook: '',
    });
    return { bar, rate: new RateMeter(), stage: run.state };
  }
}

function waitingWords(engine: string): string {
  return `waits for a worker with engine ${engine}; there is none`;
}

function outlook(run: Run, rate: RateMeter): string {
  const { waitsFor, done, total } = run.progress;
  if (waitsFor !== null) return waitingWords(waitsFor);
  if (total === 0) return '';
  const speed = rate.perSecond();
  return speed === undefined
    ? share(run)
    : `${share(run)}  ${count(speed)}/s, ${duration((total - done) / speed)} left`;
}

function share({ progress: { done, total } }: Run): string {
  return `${Math.floor((done / total) * 100)} %`;
}
