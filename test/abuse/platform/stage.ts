import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Queue, type RunSpec, retryRuns, SCHEDULING, startRuns } from '@espalier/runs';
import {
  type ArtifactStore,
  type Database,
  type EmbeddedPostgres,
  folderArtifacts,
  newId,
  openDatabase,
  startEmbeddedPostgres,
} from '@espalier/store';
import { editorKey, type Main, readEvents, startMain } from '../../../apps/api/test/main-process.ts';
import { patiently } from '../../../packages/runs/src/claims/patience.ts';
import { fillTiny } from '../../../packages/runs/test/tiny-experiment.ts';
import { type Line, proxyTo } from '../../../packages/worker/test/proxy.ts';

const WORKER = fileURLToPath(new URL('../../../packages/worker/test/worker-process.mjs', import.meta.url));
const TIMING = { heartbeatSeconds: 10, superviseSeconds: 1, pollSeconds: 0.5 };
const cie: RunSpec = { allocation: 'cie', criterion: 'l1', target: { metric: 'macs', share: 0.4 }, seed: 0 };
const SPECS: readonly RunSpec[] = [cie, { ...cie, allocation: 'uniform' }];

/** Characters that a process said before it died. */
const LAST_WORDS = 3000;

/** What is another way with a worker than with most. */
export interface WorkerSettings {
  /** Default: a separate folder. */
  readonly home?: string;
  readonly engine?: 'onnxruntime' | 'tensorflow';
  readonly env?: NodeJS.ProcessEnv;
}

/** Everything that can die: a database, a line to it, an API with a worker, and two more workers. */
export class Stage {
  readonly database: Database;
  readonly artifacts: ArtifactStore;
  readonly line: Line;
  readonly workers: ChildProcess[] = [];
  api: Main;
  /** What is put right when a round is over. */
  readonly later: (() => Promise<unknown>)[] = [];
  readonly folder: string;
  private readonly queue: Queue;
  private readonly key: string;
  private postgres: EmbeddedPostgres;
  private readonly known = new Map<string, string>();
  private readonly unexpected: string[] = [];
  private closing = false;

  constructor(parts: {
    readonly folder: string;
    readonly database: Database;
    readonly artifacts: ArtifactStore;
    readonly line: Line;
    readonly queue: Queue;
    readonly postgres: EmbeddedPostgres;
    readonly api: Main;
    readonly key: string;
  }) {
    this.folder = parts.folder;
    this.database = parts.database;
    this.artifacts = parts.artifacts;
    this.line = parts.line;
    this.queue = parts.queue;
    this.postgres = parts.postgres;
    this.api = parts.api;
    this.key = parts.key;
    this.watch('the API', this.api.process);
  }

  /** A sampling of the round's own, and two runs; one of them uses the sampling. */
  async startRuns(seed: number): Promise<string[]> {
    const { prisma } = this.database;
    const {
      id: _,
      createdAt: __,
      outputWeights: ___,
      ...first
    } = await prisma.experiment.findFirstOrThrow({
      orderBy: { id: 'asc' },
    });
    const { id } = await prisma.experiment.create({
      data: {
        ...first,
        recipe: first.recipe ?? {},
        limits: first.limits ?? {},
        id: newId('exp'),
        name: `Round ${seed}`,
        seed,
      },
    });
    const experiment = await prisma.experiment.findUniqueOrThrow({
      where: { id },
      include: { model: true, dataset: true },
    });
    const runs = await prisma.$transaction(
      (transaction) => startRuns(transaction, this.queue, experiment, SPECS),
      SCHEDULING,
    );
    return runs.map((run) => run.id);
  }

  /** Reads a run's events over the API, coming back whenever the stream breaks. */
  follow(runId: string): { end(): Promise<string[]> } {
    const read: number[] = [];
    let over = false;
    const reading = (async () => {
      while (!over) {
        await readEvents(this.api.address, this.key, runId, read);
        await setTimeout(100);
      }
    })();
    return {
      end: async () => {
        over = true;
        await reading;
        // What was told after the last break.
        await readEvents(this.api.address, this.key, runId, read);
        const count = await patiently(() => this.database.prisma.runEvent.count({ where: { runId } }));
        const complete = read.length === count && read.every((seq, i) => seq === i + 1);
        return complete ? [] : [`a reader of run ${runId} got events ${read.join(' ')} of ${count}`];
      },
    };
  }

  retry(ids: readonly string[]): Promise<unknown> {
    const { prisma } = this.database;
    return prisma.$transaction((transaction) => retryRuns(transaction, this.queue, ids), SCHEDULING);
  }

  /** The uniform run of every round has the same numbers, those of its engine. */
  sameAsBefore(allocation: string, engine: string, numbers: readonly unknown[]): string[] {
    if (allocation !== 'uniform') return [];
    const text = JSON.stringify(numbers);
    const expected = this.known.get(engine) ?? text;
    this.known.set(engine, expected);
    return text === expected ? [] : [`a ${allocation} run came to ${text}, and not to ${expected}`];
  }

  /** Processes that ended though nobody ended them. */
  deaths(): string[] {
    return this.unexpected.splice(0);
  }

  somebodyDied(): boolean {
    return this.unexpected.length > 0;
  }

  async replaceWorker(
    worker: ChildProcess | undefined,
    signal: NodeJS.Signals,
    settings: WorkerSettings = {},
  ): Promise<ChildProcess | undefined> {
    if (!worker) return;
    await this.end('a worker', worker, signal);
    this.workers.splice(this.workers.indexOf(worker), 1);
    return this.addWorker(settings);
  }

  async replaceApi(signal: NodeJS.Signals): Promise<void> {
    await this.end('the API', this.api.process, signal);
    this.api = await startMain(environmentOf(this.folder, this.line), { complains: false });
    this.watch('the API', this.api.process);
  }

  async putRight(): Promise<void> {
    for (const right of this.later.splice(0)) await right();
  }

  postgresPid(): number {
    return this.postgres.pid;
  }

  stopPostgres(): Promise<void> {
    return this.postgres.stop();
  }

  async startPostgres(): Promise<void> {
    this.postgres = await startAgain(path.join(this.folder, 'postgres'));
  }

  async close(): Promise<void> {
    this.closing = true;
    for (const process of [...this.workers, this.api.process]) process.kill('SIGKILL');
    await this.queue.close();
    await this.database.close();
    await this.line.cut();
    await this.postgres.stop();
  }

  /** Resolves when it takes jobs: one that finds no database while it starts ends, and is started by somebody. */
  async addWorker({ env, ...settings }: WorkerSettings = {}): Promise<ChildProcess> {
    const worker = spawn(
      process.execPath,
      [...[WORKER, this.line.url, this.folder], ...[JSON.stringify(TIMING), JSON.stringify(settings)]],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
    );
    this.watch('a worker', worker);
    // Its id.
    await once(worker.stdout, 'data');
    this.workers.push(worker);
    return worker;
  }

  private watch(name: string, process: ChildProcess): void {
    let said = '';
    process.stderr?.setEncoding('utf8').on('data', (part: string) => {
      said = (said + part).slice(-LAST_WORDS);
    });
    process.once('exit', (code, signal) => {
      if (!this.closing) this.unexpected.push(`${name} ended by itself (${signal ?? code}): ${said}`);
    });
  }

  private async end(name: string, process: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (process.exitCode !== null || process.signalCode !== null) return;
    process.removeAllListeners('exit');
    const exit = once(process, 'exit');
    process.kill(signal);
    const [code] = await exit;
    if (signal === 'SIGTERM' && code !== 0)
      this.unexpected.push(`${name} was asked to stop, and ended with ${code}`);
  }
}

export async function setStage(folder: string): Promise<Stage> {
  const postgres = await startEmbeddedPostgres(path.join(folder, 'postgres'));
  const database = await openDatabase(postgres.url);
  const queue = await Queue.open(postgres.url, () => {}, { timing: TIMING });
  const artifacts = folderArtifacts(path.join(folder, 'artifacts'));
  // It makes the first user, if there is no team yet.
  const line = await proxyTo(postgres.url);
  const api = await startMain(environmentOf(folder, line), { complains: false });
  await fillTiny({
    ...{ folder, database, artifacts, samples: 20, perClass: 30 },
    recipe: { epochs: 2, batch: 16, learningRate: 0.01 },
  });
  const stage = new Stage({
    folder,
    database,
    artifacts,
    line,
    queue,
    postgres,
    api,
    key: await editorKey(database),
  });
  await Promise.all([stage.addWorker(), stage.addWorker()]);
  return stage;
}

function environmentOf(folder: string, { url }: Line): NodeJS.ProcessEnv {
  return { ESPALIER_HOME: folder, ESPALIER_DATABASE_URL: url };
}

/** Of a server that was killed, parts may be ending: it refuses to start beside them. */
async function startAgain(folder: string): Promise<EmbeddedPostgres> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startEmbeddedPostgres(folder);
    } catch (error) {
      if (attempt === 10) throw error;
      await setTimeout(500);
    }
  }
}
