import { isLeased, isUnreachable } from '@espalier/runs';
import { CancelledRun, type WorkerContext } from './handlers/handler.ts';
import type { Taking } from './taking.ts';
import type { WorkUnderWay } from './work-under-way.ts';

/** Who hears of a worker's heartbeats. */
interface Tell {
  readonly onError: (error: unknown) => void;
  readonly onBeat: () => void;
  readonly log: (line: string) => void;
}

interface Takings {
  /** Of what any machine can do. */
  readonly taking: Taking;
  readonly all: readonly Taking[];
}

/** Says that the worker lives, hears whether it is to drain, and looks for cancels that were missed. */
export class Pulse {
  private readonly context: WorkerContext;
  private readonly work: WorkUnderWay;
  private readonly takings: Takings;
  private readonly tell: Tell;
  private away = false;
  private draining = false;
  private leased = false;
  private stopped = false;

  constructor(context: WorkerContext, work: WorkUnderWay, takings: Takings, tell: Tell) {
    this.context = context;
    this.work = work;
    this.takings = takings;
    this.tell = tell;
  }

  /** What a person asks for in the registry has no effect any more. */
  stop(): void {
    this.stopped = true;
  }

  async beat(): Promise<void> {
    try {
      await this.look();
      if (this.away) this.tell.log('the database answers again');
      this.away = false;
      this.tell.onBeat();
    } catch (error) {
      // Told once, and not every two seconds.
      if (!this.away || !isUnreachable(error)) this.tell.onError(error);
      this.away = isUnreachable(error);
    }
  }

  private async look(): Promise<void> {
    const { database, workerId: id } = this.context;
    const { draining } = await database.prisma.worker.update({
      where: { id },
      data: { lastSeenAt: new Date() },
    });
    const ids = { in: this.work.ids() };
    const [runs, profilings] = await Promise.all([
      database.prisma.run.findMany({ where: { id: ids, cancelAsked: true }, select: { id: true } }),
      database.prisma.profiling.findMany({ where: { id: ids, state: 'cancelled' }, select: { id: true } }),
    ]);
    for (const { id } of [...runs, ...profilings]) this.work.abort(id, cancelled(id));
    await this.giveWay();
    if (this.stopped || draining === this.draining) return;
    this.draining = draining;
    this.tell.log(draining ? 'takes no more jobs until it is resumed' : 'takes work again');
    for (const each of this.takings.all) {
      each[draining ? 'hold' : 'release']('drained').catch(this.tell.onError);
    }
  }

  /** While another worker of the machine measures, this one takes nothing. */
  private async giveWay(): Promise<void> {
    const { database, host, workerId } = this.context;
    const leased = await isLeased(database.prisma, { host, workerId });
    if (leased === this.leased) return;
    this.leased = leased;
    this.tell.log(leased ? 'takes no jobs while a profile is measured on this machine' : 'takes work again');
    this.takings.taking[leased ? 'hold' : 'release']('leased').catch(this.tell.onError);
  }
}

/** Why work ends that a person does not want any more. */
export function cancelled(id: string): CancelledRun {
  return new CancelledRun(`${id} was cancelled`);
}
