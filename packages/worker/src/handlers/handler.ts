import type { EngineName } from '@espalier/engines';
import { LostClaim, type Queue } from '@espalier/runs';
import type { ArtifactCache, ArtifactStore, Database } from '@espalier/store';
import type { Compute } from '../processes/compute.ts';

/** What the handlers of jobs work with. */
export interface WorkerContext {
  readonly workerId: string;
  /** The machine, as its workers are found by it. */
  readonly host: string;
  readonly database: Database;
  readonly queue: Queue;
  readonly artifacts: ArtifactStore;
  readonly cache: ArtifactCache;
  /** Of decoded images. */
  readonly home: string;
  readonly engine: EngineName;
  /** Of each computing process. */
  readonly threads: number;
  /** Told of trouble that does not end the work. */
  readonly onError: (error: unknown) => void;
  readonly compute: Compute;
}

/** Why a job ended that killed its workers. */
export const GIVEN_UP = 'given up after several attempts: its workers died or were interrupted';

/** A person asked for the run to end. */
export class CancelledRun extends Error {
  override name = 'CancelledRun';
}

/** The job goes back to the queue, and is no failed attempt. */
export class GivenBack extends Error {
  override name = 'GivenBack';
}

/** Another team has used less, and waits. */
export function givingWay(): GivenBack {
  return new GivenBack("it is another team's turn");
}

/** Whoever has it by now, or has ended it, writes what became of it. */
export function passLost(error: unknown): void {
  if (!(error instanceof LostClaim)) throw error;
}
