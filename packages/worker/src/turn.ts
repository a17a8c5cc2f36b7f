import { InputError } from '@espalier/errors';
import type { Standing } from '@espalier/runs';
import type { Budgets } from './budgets.ts';

const EVERY_MS = 5000;
/** The queue gives a job of a day to another worker (`EXPIRE_SECONDS`): it gives its place up before. */
const LONGEST_SECONDS = 20 * 3600;

interface Account {
  /** Books so many seconds more. */
  readonly book: (seconds: number) => Promise<Standing>;
  readonly budgets: Pick<Budgets, 'turnSeconds' | 'runSeconds'> | undefined;
  /** Told when its run has used up all that a run may. */
  readonly onSpent: (error: InputError) => void;
  readonly onError: (error: unknown) => void;
}

/** A job's time on a worker: what it takes is booked while it takes it, and it knows when another team's turn has come. */
export class Turn {
  private readonly account: Account;
  private readonly started = performance.now();
  private readonly timer: NodeJS.Timeout;
  private booked = 0;
  private ahead = 0;
  private booking: Promise<void> = Promise.resolve();

  constructor(account: Account) {
    this.account = account;
    const { turnSeconds = Number.POSITIVE_INFINITY } = account.budgets ?? {};
    this.timer = setInterval(
      () => this.bookUpTo(Math.floor(this.seconds())),
      Math.min(EVERY_MS, 500 * turnSeconds),
    );
  }

  /** Whether it should give its place up, as soon as nothing is lost by it. */
  isOver(): boolean {
    const { turnSeconds = Number.POSITIVE_INFINITY } = this.account.budgets ?? {};
    return this.ahead >= turnSeconds || this.seconds() > LONGEST_SECONDS;
  }

  /** Books the rest. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    this.bookUpTo(Math.round(this.seconds()));
    await this.booking;
  }

  private seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  private bookUpTo(seconds: number): void {
    this.booking = this.booking.then(async () => {
      const more = seconds - this.booked;
      if (more <= 0) return;
      try {
        const { ahead, ofRun } = await this.account.book(more);
        this.booked = seconds;
        this.ahead = ahead;
        const { runSeconds = Number.POSITIVE_INFINITY } = this.account.budgets ?? {};
        if (ofRun > runSeconds) this.account.onSpent(spent(runSeconds));
      } catch (error) {
        // The next time more is booked.
        this.account.onError(error);
      }
    });
  }
}

function spent(seconds: number): InputError {
  return new InputError(
    `the run was stopped after ${Number((seconds / 3600).toFixed(2))} h of computing, the limit of a run: give it less work, or ask the operator to raise ESPALIER_RUN_SECONDS`,
  );
}
