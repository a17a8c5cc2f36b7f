import type { EngineName } from '@espalier/engines';
import type { Transaction } from '@espalier/store';
import { fromPrisma, PgBoss } from 'pg-boss';
import { GIVEN_UP_QUEUE, type Job, machineQueue, type ProfilingJob, QUEUES, queueOf } from './jobs.ts';
import { nextTurns, sortTurns } from './turns.ts';

/** How soon a worker that died is noticed, and what follows. */
export interface QueueTiming {
  /** A job whose worker has been silent for so long goes to another one. At least 10. */
  readonly heartbeatSeconds: number;
  /** How often the queue looks for such jobs. */
  readonly superviseSeconds: number;
  /** How often a worker that has nothing to do looks for a job. */
  readonly pollSeconds: number;
}

const DEFAULT_TIMING: QueueTiming = { heartbeatSeconds: 10, superviseSeconds: 5, pollSeconds: 1 };

/** What a person starts in a day is a fraction of it. */
export const DEFAULT_TEAM_RUNS = 1000;

export interface QueueOptions {
  readonly timing?: QueueTiming;
  /** Whether its tables are made or migrated: by whoever migrates the database, and nobody else. */
  readonly installs?: boolean;
  /** Runs that a team may have under way. */
  readonly teamRuns?: number;
}

/** A job that keeps killing its workers is given up after so many. */
const RETRIES = 5;
/** Giving up is never given up: a run would stay at work for ever. */
const GIVE_UP_RETRIES = 1_000_000;
/** Longer than any run takes; what is dead is known by its heartbeat. */
const EXPIRE_SECONDS = 23 * 3600;
/** A job may wait for as long as it takes; pg-boss would drop it after two weeks. */
const KEEP_SECONDS = 20 * 365 * 24 * 3600;

/** A job for the workers of an engine. */
export interface JobToSend {
  readonly job: Job;
  readonly engine: EngineName;
}

/** The queue's tables are not there yet, or are those of another version. */
export class NoQueue extends Error {
  override name = 'NoQueue';

  constructor() {
    super('the job queue in the database is not that of this version: start the API in this version');
  }
}

/** The job queue, on the same PostgreSQL as everything else. */
export class Queue {
  readonly boss: PgBoss;
  readonly timing: QueueTiming;
  /** Runs that a team may have under way. */
  readonly teamRuns: number;

  private constructor(boss: PgBoss, timing: QueueTiming, teamRuns: number) {
    this.boss = boss;
    this.timing = timing;
    this.teamRuns = teamRuns;
  }

  /**
   * @param onError told of trouble in the background, such as a lost connection; the queue goes on
   * @throws {NoQueue} where they are not those of this version, and it does not
   */
  static async open(
    url: string,
    onError: (error: Error) => void,
    { timing = DEFAULT_TIMING, installs = true, teamRuns = DEFAULT_TEAM_RUNS }: QueueOptions = {},
  ): Promise<Queue> {
    const boss = new PgBoss({
      connectionString: url,
      schema: 'queue',
      migrate: installs,
      max: 3,
      superviseIntervalSeconds: timing.superviseSeconds,
      monitorIntervalSeconds: Math.max(1, timing.superviseSeconds),
      // How many wait is known by this.
      queueCacheIntervalSeconds: Math.max(1, timing.superviseSeconds),
    });
    // It tells of some as plain objects, of which a log would show everything.
    boss.on('error', ({ message }) => onError(new Error(message)));
    await boss.start().catch((error: Error) => {
      // What it says of tables that it may not touch.
      throw /is not installed|requires migrations/.test(error.message) ? new NoQueue() : error;
    });
    const queue = new Queue(boss, timing, teamRuns);
    if (!installs) return queue;
    await boss.createQueue(GIVEN_UP_QUEUE, { ...queue.common(), retryLimit: GIVE_UP_RETRIES });
    for (const name of QUEUES) await queue.make(name);
    return queue;
  }

  /** Makes the queue of a machine, if it is not there: by its workers, before anybody can know of them. */
  async makeMachine(host: string): Promise<void> {
    await this.make(machineQueue(host));
  }

  /** Puts a job into a machine's queue if and only if the transaction is committed: the first one sent goes first. */
  async sendTo(transaction: Transaction, host: string, job: ProfilingJob): Promise<void> {
    const group = { id: job.teamId };
    await this.boss.insert(machineQueue(host), [{ data: job, group }], { db: fromPrisma(transaction) });
  }

  /** Puts jobs into the queues if and only if the transaction is committed, each on its team's turn. */
  async send(transaction: Transaction, jobs: readonly JobToSend[]): Promise<void> {
    const db = fromPrisma(transaction);
    // In one order everywhere: teams are locked one after the other.
    for (const teamId of [...new Set(jobs.map(({ job }) => job.teamId))].sort()) {
      for (const name of QUEUES) {
        const own = jobs.filter(({ job, engine }) => job.teamId === teamId && queueOf(engine) === name);
        if (own.length === 0) continue;
        const turns = await nextTurns(transaction, name, teamId, own.length);
        const group = { id: teamId };
        await this.boss.insert(
          name,
          own.map(({ job: data }, i) => ({ data, group, priority: -(turns[i] ?? 0) })),
          { db },
        );
      }
      await sortTurns(transaction, teamId);
    }
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false });
  }

  private async make(name: string): Promise<void> {
    await this.boss.createQueue(name, {
      ...this.common(),
      deadLetter: GIVEN_UP_QUEUE,
      retryLimit: RETRIES,
    });
  }

  private common() {
    return {
      retryDelay: 1,
      expireInSeconds: EXPIRE_SECONDS,
      retentionSeconds: KEEP_SECONDS,
      heartbeatSeconds: this.timing.heartbeatSeconds,
    };
  }
}
