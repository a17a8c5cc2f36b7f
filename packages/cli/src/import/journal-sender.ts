import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Client, sendFile } from '@espalier/client';
import { InputError } from '@espalier/errors';
import {
  createSampling,
  finishRun,
  finishSampling,
  putSamplePoints,
  recordEpochs,
  recordEvaluation,
  recordRun,
} from './mutations.ts';
import { plainOf, pythonJson, quoted, type Written } from './python-json.ts';

const MOST_POINTS = 1000;
/** Of the points of one request: the platform takes a million bytes, and hits of many images are long. */
const MOST_BYTES = 500_000;

type Entry = ReadonlyMap<string, Written>;

interface Waiting {
  readonly id: string;
  /** By group and removed units: measured twice, what came later counts. */
  readonly points: Map<string, Written>;
  bytes: number;
}

/** Sends entries of a journal in their order, points of a sampling many at once; as the client for Python does. */
export class JournalSender {
  writes = 0;
  private readonly samplings = new Map<string, Waiting>();
  /** The id of each run, by its key. */
  private readonly runs = new Map<string, string>();
  private readonly client: Client;
  private readonly file: string;
  private readonly signal: AbortSignal;

  constructor(client: Client, file: string, signal: AbortSignal) {
    this.client = client;
    this.file = file;
    this.signal = signal;
  }

  async take(entry: Entry): Promise<void> {
    const kind = textOf(entry, 'kind');
    if (kind === 'sampling') await this.begin(partOf(entry, 'input'));
    else if (kind === 'point') await this.put(textOf(entry, 'sampling'), partOf(entry, 'point'));
    else if (kind === 'finish') await this.finish(textOf(entry, 'sampling'));
    else if (kind === 'run') await this.record(partOf(entry, 'input'));
    else if (kind === 'evaluation') {
      await this.write(recordEvaluation, underOwnKey('evaluation', partOf(entry, 'input')));
    } else if (kind === 'epochs') {
      const runId = quoted(this.run(textOf(entry, 'run')));
      const given = new Map<string, Written>([
        ['runId', runId],
        ['epochs', entry.get('epochs') ?? []],
      ]);
      await this.write(recordEpochs, underOwnKey('epochs', given));
    } else if (kind === 'end') await this.end(entry);
    else
      throw new InputError(
        `${this.file} has an entry "${kind}", which this version does not know: use a newer Espalier`,
      );
  }

  /** What waits for more. */
  async flush(): Promise<void> {
    for (const [key, waiting] of this.samplings) await this.send(key, waiting);
  }

  private async begin(given: Entry): Promise<void> {
    const { id } = await this.write(createSampling, given);
    const key = textOf(given, 'key');
    const known = this.samplings.get(key);
    this.samplings.set(key, { points: known?.points ?? new Map(), bytes: known?.bytes ?? 0, id });
  }

  private async put(key: string, point: Entry): Promise<void> {
    const waiting = this.sampling(key);
    waiting.points.set(pythonJson([point.get('group') ?? 'null', point.get('removed') ?? 'null']), point);
    waiting.bytes += pythonJson(point).length;
    if (waiting.points.size >= MOST_POINTS || waiting.bytes >= MOST_BYTES) await this.send(key, waiting);
  }

  private async send(key: string, waiting: Waiting): Promise<void> {
    const points = [...waiting.points.values()];
    if (points.length === 0) return;
    // Of what it holds: the same points are known again, however many are sent at once.
    const hash = sha256(pythonJson([quoted(key), points]));
    const given = new Map<string, Written>([
      ['key', quoted(`points ${hash}`)],
      ['samplingRunId', quoted(waiting.id)],
      ['points', points],
    ]);
    await this.write(putSamplePoints, given);
    waiting.points.clear();
    waiting.bytes = 0;
  }

  private async finish(key: string): Promise<void> {
    const waiting = this.sampling(key);
    await this.send(key, waiting);
    await this.write(finishSampling, new Map([['samplingRunId', quoted(waiting.id)]]));
  }

  private async record(given: Entry): Promise<void> {
    const { run } = await this.client.change(recordRun, plainOf(given) as never);
    this.writes++;
    this.runs.set(textOf(given, 'key'), run?.id ?? '');
  }

  private async end(entry: Entry): Promise<void> {
    const key = textOf(entry, 'run');
    const [file, hash] = [textOf(entry, 'file'), textOf(entry, 'sha256')];
    if (!(await stat(file).catch(() => null))?.isFile()) {
      throw new InputError(`the network of "${key}" is no longer at ${file}: put it back`);
    }
    if ((await fileHash(file)) !== hash) {
      throw new InputError(`${file} has changed since "${key}" ended: put the old file back`);
    }
    const [runId, input] = [quoted(this.run(key)), partOf(entry, 'input')];
    // The key is that of the content: the upload has another id each time.
    const content = new Map<string, Written>([['runId', runId], ['sha256', quoted(hash)], ...input]);
    const given = new Map(underOwnKey('end', content));
    given.delete('sha256');
    given.set('uploadId', quoted(await sendFile(this.client, file, { signal: this.signal })));
    await this.write(finishRun, given);
  }

  private run(key: string): string {
    return this.begun(this.runs, key, 'more');
  }

  private sampling(key: string): Waiting {
    return this.begun(this.samplings, key, 'points');
  }

  private begun<T>(known: ReadonlyMap<string, T>, key: string, what: string): T {
    const found = known.get(key);
    if (found !== undefined) return found;
    throw new InputError(`${this.file} has ${what} of "${key}", but not the line that begins it`);
  }

  /** As it is in the journal: the platform checks it. */
  private async write(mutation: Sent, given: Entry): Promise<{ readonly id: string }> {
    const { made } = await this.client.change(mutation as typeof finishSampling, plainOf(given) as never);
    this.writes++;
    return made;
  }
}

type Sent =
  | typeof createSampling
  | typeof finishRun
  | typeof finishSampling
  | typeof putSamplePoints
  | typeof recordEpochs
  | typeof recordEvaluation;

/** With a key that is made of what it says: the same again is known again. */
function underOwnKey(kind: string, given: Entry): Entry {
  return new Map([...given, ['key', quoted(`${kind} ${sha256(pythonJson(given))}`)]]);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function fileHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function textOf(entry: Entry, name: string): string {
  const written = entry.get(name);
  const text = typeof written === 'string' ? JSON.parse(written) : null;
  if (typeof text === 'string') return text;
  throw new InputError(`an entry of the journal has no ${name}`);
}

function partOf(entry: Entry, name: string): Entry {
  const part = entry.get(name);
  if (part instanceof Map) return part;
  throw new InputError(`an entry of the journal has no ${name}`);
}
