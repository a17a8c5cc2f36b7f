import { readFileSync } from 'node:fs';
import { InputError } from '@espalier/errors';
import type { Budgets } from '../budgets.ts';

/** Memory is asked for in pieces that take about as long to fill. */
const EVERY_MS = 250;

/** Looks what a computing process takes, and tells once when that is more than it may. */
export class Watch {
  private readonly laps = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;
  private readonly pid: number | undefined;
  private readonly budgets: Budgets;
  private current: string;
  private since = performance.now();

  constructor(pid: number | undefined, budgets: Budgets, stage: string, onOver: (error: InputError) => void) {
    this.pid = pid;
    this.budgets = budgets;
    this.current = stage;
    this.timer = setInterval(() => {
      const over = this.look();
      if (!over) return;
      this.stop();
      onOver(new InputError(over));
    }, EVERY_MS);
  }

  stage(name: string): void {
    this.laps.set(this.current, this.secondsOfStage());
    this.since = performance.now();
    this.current = name;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private secondsOfStage(): number {
    return (this.laps.get(this.current) ?? 0) + (performance.now() - this.since) / 1000;
  }

  private look(): string | null {
    const { stageSeconds, otherStageSeconds, memoryBytes } = this.budgets;
    const limit = stageSeconds[this.current] ?? otherStageSeconds;
    if (this.secondsOfStage() > limit) {
      return `${this.current} was stopped after ${timeOf(limit)}, this worker's limit: give the run less work, or ask the operator to raise ESPALIER_STAGE_SECONDS`;
    }
    const bytes = residentBytes(this.pid);
    if (bytes <= memoryBytes) return null;
    return `${this.current} was stopped at ${gigabytes(bytes)} of memory, above this worker's limit of ${gigabytes(memoryBytes)}: use a smaller batch, or ask the operator to raise ESPALIER_CHILD_MEMORY_MB`;
  }
}

/** That of native libraries too, which a limit of the heap does not reach. 0 where the system does not tell. */
function residentBytes(pid: number | undefined): number {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return 1024 * Number(kilobytes ?? 0);
  } catch {
    // It has just ended, or this is no Linux.
    return 0;
  }
}

function timeOf(seconds: number): string {
  return seconds < 3600 ? `${Number(seconds.toFixed(1))} s` : `${Number((seconds / 3600).toFixed(1))} h`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
