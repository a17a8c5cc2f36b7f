import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '@espalier/errors';
import { updateInPieces } from '@espalier/network';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { TrainerState } from './trainer.ts';

/** Where a training stands: enough to go on as if it had not been interrupted. */
export interface Checkpoint {
  /** Hash of what is trained: network, data, recipe, seed, engine, teacher. */
  readonly key: string;
  readonly trainer: TrainerState;
  /** The epochs that are over, and of the current one what has been counted. */
  readonly progress: TrainingProgressRecord;
}

const epochSchema = z.object({
  /** Epochs trained when it ended: 1, 2, ... or 2.5. */
  epoch: z.number(),
  /** Mean over its steps, nats, as the recipe has it: with smoothing and distillation. */
  loss: z.number(),
  /** Accuracy on the search split, 0..1; null if that has no images. */
  top1: z.number().nullable(),
  /** Training alone, without the evaluation. */
  seconds: z.number(),
  imagesPerSecond: z.number(),
  /** The rate of its last step. */
  learningRate: z.number(),
});

/** One epoch, or the part of one that the last steps are. */
export type EpochReport = Readonly<z.infer<typeof epochSchema>>;

const progressSchema = z.object({
  epochs: z.array(epochSchema),
  current: z.object({ lossSum: z.number(), steps: z.int(), seconds: z.number() }),
});

export type TrainingProgressRecord = z.infer<typeof progressSchema>;

const headerSchema = z.object({
  format: z.literal('espalier-checkpoint-1'),
  key: z.string(),
  step: z.int(),
  vectors: z.array(z.object({ name: z.string(), length: z.int().min(0) })),
  progress: progressSchema,
  sha256: z.string(),
});

const NEWLINE = 0x0a;

/** Where the checkpoint of the training with this key lies. */
export function checkpointFile(folder: string, key: string): string {
  return join(folder, `${key.slice(0, 32)}.checkpoint`);
}

/**
 * Takes a checkpoint of another machine over into a folder, where its training will find it, unless there is one
 * that is as far.
 *
 * @returns the step at which the training will go on
 * @throws {InputError} for a file that is damaged
 */
export async function adoptCheckpoint(file: string, folder: string): Promise<number> {
  const bytes = await readFile(file);
  const { key, step } = checked(bytes, file).header;
  const target = checkpointFile(folder, key);
  const own = await readCheckpoint(target, key).catch(() => undefined);
  if (own && own.trainer.step >= step) return own.trainer.step;
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(target, bytes);
  return step;
}

/** One line of JSON, then the vectors as float32, little-endian; written to a temporary name and renamed. */
export async function writeCheckpoint(file: string, { key, trainer, progress }: Checkpoint): Promise<void> {
  const vectors = Object.entries(trainer.vectors);
  const parts = vectors.map(([, data]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  const payload = Buffer.concat(parts);
  const header: z.infer<typeof headerSchema> = {
    format: 'espalier-checkpoint-1',
    key,
    step: trainer.step,
    vectors: vectors.map(([name, { length }]) => ({ name, length })),
    progress,
    sha256: sha256(payload),
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFileAtomic(file, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), payload]));
}

/**
 * The checkpoint in a file, or undefined if there is none.
 *
 * @throws {InputError} for a file that is damaged or belongs to another training
 */
export async function readCheckpoint(file: string, key: string): Promise<Checkpoint | undefined> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new InputError(`checkpoint ${file} cannot be read (${error.code})`);
  });
  if (!bytes) return undefined;
  const { header, payload } = checked(bytes, file);
  if (header.key !== key) {
    throw new InputError(`checkpoint ${file} belongs to another training; delete it to start again`);
  }
  let at = 0;
  const vectors = header.vectors.map((vector): [string, Float32Array] => {
    const values = new Float32Array(vector.length);
    Buffer.from(values.buffer).set(payload.subarray(at, at + 4 * vector.length));
    at += 4 * vector.length;
    return [vector.name, values];
  });
  return {
    key,
    trainer: { step: header.step, vectors: Object.fromEntries(vectors) },
    progress: header.progress,
  };
}

export async function removeCheckpoint(file: string): Promise<void> {
  await rm(file, { force: true });
}

function checked(bytes: Buffer, file: string) {
  const end = bytes.indexOf(NEWLINE);
  const payload = bytes.subarray(end + 1);
  const header = parseHeader(bytes.subarray(0, Math.max(0, end)));
  const length = header?.vectors.reduce((sum, vector) => sum + vector.length, 0) ?? 0;
  if (!header || payload.length !== 4 * length || sha256(payload) !== header.sha256) {
    throw new InputError(`checkpoint ${file} is damaged; delete it to start again`);
  }
  return { header, payload };
}

function parseHeader(bytes: Uint8Array) {
  try {
    return headerSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

function sha256(bytes: Uint8Array): string {
  return updateInPieces(createHash('sha256'), bytes).digest('hex');
}
