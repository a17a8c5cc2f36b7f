import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Reader, type Told } from '../../../apps/api/src/reading/reader.ts';
import { READING_LIMITS } from '../../../apps/api/src/reading/reading.ts';
import { Random } from '../../../packages/network/test/random.ts';
import { png } from '../../generate/png.ts';
import { lineProblem } from './line.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutantKeras, mutantTfjs } from './mutate-models.ts';
import { mutatePacked } from './mutate-packed.ts';
import { mutateProtobuf } from './mutate-protobuf.ts';
import { type Originals, originals } from './originals.ts';

export interface AbuseOptions {
  readonly count: number;
  /** Decides each mutant, together with its number. */
  readonly seed: number;
  /** Number of the first mutant. */
  readonly first?: number;
  /** A folder with networks to be mutated besides. */
  readonly models?: string | undefined;
  /** Where mutants go that found something. */
  readonly findings: string;
  readonly signal?: AbortSignal;
  readonly onMutant?: (tally: Tally) => void;
}

/** As often as they are drawn. */
const DRAWN = ['model', 'model', 'packed', 'image', 'tfjs', 'keras'] as const;
export type Kind = (typeof DRAWN)[number];
export const KINDS: readonly Kind[] = [...new Set(DRAWN)];

export interface Tally {
  done: number;
  readonly read: Record<Kind, number>;
  readonly refused: Record<Kind, number>;
  readonly findings: string[];
  /** Of the process, as far as it was told. */
  mostBytes: number;
}

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));
/** No mutant takes longer; on a machine that is busy with other things the processor's time counts. */
const MOST_SECONDS = 5;
const PATIENCE_SECONDS = 60;
const MOST_BYTES = 4_000_000;
/** Decoded images and what is known of files are in the home. */
const SWEPT_EVERY = 200;
const EXTENSIONS = ['.png', '.jpg', '.gif', '.webp', '.tiff', '.avif'] as const;

/** Feeds mutated files to a process that has the limits of the platform's, and is used for all of them. */
export async function abuse(options: AbuseOptions): Promise<Tally> {
  const { count, seed, first = 0, findings, signal } = options;
  const whole = await originals(options.models);
  const folder = await mkdtemp(path.join(tmpdir(), 'espalier-abuse-'));
  const none = () => ({ model: 0, packed: 0, image: 0, tfjs: 0, keras: 0 });
  const tally: Tally = { done: 0, read: none(), refused: none(), findings: [], mostBytes: 0 };
  let reader = new Reader(READING_LIMITS.memory, CHILD);
  try {
    for (let number = first; number < first + count && !signal?.aborted; number++) {
      const { kind, ...drawn } = mutant(whole, seed, number);
      const { bytes } = drawn;
      const task = await layOut(folder, kind, drawn, number);
      const told = await reader.ask(task, MOST_SECONDS * 1000);
      if (signal?.aborted) break;
      const problem = await problemOf(told, task);
      if (problem) {
        await mkdir(findings, { recursive: true });
        const file = path.join(findings, `${kind}-${seed}-${number}${task.extension}`);
        await writeFile(file, bytes);
        tally.findings.push(`${kind} ${number} of seed ${seed}: ${problem}; the file is ${file}`);
      } else if (told.kind === 'refused') tally.refused[kind]++;
      else tally.read[kind]++;
      if (told.kind === 'answer') tally.mostBytes = Math.max(tally.mostBytes, Number(told.answer));
      if (told.kind === 'ended' || told.kind === 'outOfMemory') {
        reader.end();
        reader = new Reader(READING_LIMITS.memory, CHILD);
      }
      if (number % SWEPT_EVERY === 0) await rm(path.join(folder, 'home'), { recursive: true, force: true });
      tally.done++;
      options.onMutant?.(tally);
    }
    return tally;
  } finally {
    reader.end();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Drawn {
  readonly bytes: Uint8Array;
  readonly extension?: string;
  readonly beside?: ReadonlyMap<string, Uint8Array>;
}

function mutant(whole: Originals, seed: number, number: number): Drawn & { readonly kind: Kind } {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ number);
  const kind = random.pick([...DRAWN]);
  if (kind === 'tfjs') return { kind, ...mutantTfjs(whole, random) };
  if (kind === 'keras') return { kind, ...mutantKeras(whole, random) };
  const [files, known] = {
    model: [whole.models, mutateProtobuf] as const,
    packed: [whole.packed, mutatePacked] as const,
    image: [whole.images, mutateBytes] as const,
  }[kind];
  const original = files[random.integer(0, files.length - 1)] ?? new Uint8Array();
  const bytes = random.chance(0.85) ? known(original, random, files) : null;
  // What is repeated within what is repeated is no small file any more.
  const isSmall = bytes !== null && bytes.length <= MOST_BYTES;
  return { kind, bytes: isSmall ? bytes : mutateBytes(original, random, files) };
}

/** Puts a mutant where it is looked for, alone. */
async function layOut(folder: string, kind: Kind, { bytes, beside, ...drawn }: Drawn, number: number) {
  const home = path.join(folder, 'home');
  if (kind === 'image') {
    const pictures = path.join(folder, 'pictures');
    await rm(path.join(pictures, 'train/a'), { recursive: true, force: true });
    for (const each of ['train/a', 'train/b', 'val/a', 'test/a', 'test/b']) {
      await mkdir(path.join(pictures, each), { recursive: true });
      await writeFile(path.join(pictures, each, 'whole.png'), png(6, 6, new Uint8Array(108).fill(90)));
    }
    const extension = EXTENSIONS[number % EXTENSIONS.length] ?? '';
    await writeFile(path.join(pictures, 'train/a', `mutant${extension}`), bytes);
    return { kind: 'folder', folder: pictures, home, extension } as const;
  }
  const mutants = path.join(folder, 'mutants');
  await rm(mutants, { recursive: true, force: true });
  await mkdir(mutants);
  const extension = drawn.extension ?? (kind === 'model' ? '.onnx' : '.espalier-data');
  // What is known of a file is known by its name.
  const file = path.join(mutants, `mutant${number}${extension}`);
  await writeFile(file, bytes);
  if (kind === 'tfjs' || kind === 'keras') {
    for (const [name, shard] of beside ?? []) await writeFile(path.join(mutants, name), shard);
    return { kind: 'bundle', file, extension } as const;
  }
  return kind === 'model'
    ? ({ kind, file, beside: null, readAs: {}, extension } as const)
    : ({ kind: 'dataset', file, name: 'mutant', home, extension } as const);
}

/** What there should not be; null if a mutant was read, or refused in a line. */
async function problemOf(told: Told, task: object): Promise<string | null> {
  if (told.kind === 'answer') return null;
  if (told.kind === 'refused') {
    const problem = lineProblem(told.message);
    return problem && `${problem}: ${JSON.stringify(told.message.slice(0, 300))}`;
  }
  if (told.kind === 'failed') return told.message;
  if (told.kind === 'outOfMemory') return 'more memory than there is';
  if (told.how !== 'tooSlow') return typeof told.how === 'string' ? told.how : `ended by ${told.how.signal}`;
  const patient = new Reader(READING_LIMITS.memory, CHILD);
  const again = await patient.ask(task, PATIENCE_SECONDS * 1000);
  patient.end();
  if (again.kind === 'refused') return null;
  const took = again.kind === 'answer' ? again.cpuSeconds : PATIENCE_SECONDS;
  return took < MOST_SECONDS ? null : `more than ${MOST_SECONDS} s (${took.toFixed(1)} s of the processor)`;
}
