import { readFile } from 'node:fs/promises';
import { firstLineOf, InputError, readBy } from '@espalier/errors';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { count, ratio, some, speedupSchema, text } from './file-fields.ts';

const VERSION = 1;
const MOST = 1000;

const milliseconds = z.number().positive();

/** One network on so many threads, so many images per run. */
const measurementSchema = z.object({
  /** Of graph and weights. */
  networkHash: text,
  networkName: text,
  /** Of its file. */
  bytes: count,
  params: count,
  macs: count,
  threads: some,
  /** Images per run. */
  batch: some,
  /** Of a run: the median, and between what eight of ten runs took. */
  p50Ms: milliseconds,
  p10Ms: milliseconds,
  p90Ms: milliseconds,
  imagesPerSecond: ratio,
  /** Timed runs. */
  repeats: some,
  /** The most that inputs, outputs and the values between the layers take at one time. */
  activationBytes: count,
  /** By a device profile; null without one. */
  predictedMs: milliseconds.nullable(),
  /** What it took turns with; null for that itself, and where nothing is compared. */
  comparedWith: z.object({ networkHash: text, networkName: text }).nullable(),
  /** How many times as fast as that it is; null with it. */
  speedup: speedupSchema.nullable(),
  /** That against itself in the same turns: how quiet the machine was. Null if nothing is compared. */
  check: speedupSchema.nullable(),
});

/** What `espalier measure` found, with all that it depends on. */
const measurementsSchema = z
  .object({
    format: z.literal('espalier-measurements'),
    version: z.literal(VERSION),
    /** What a person calls it. */
    device: text,
    cpu: text,
    cores: some,
    /** Bytes. */
    memory: z.int().positive().optional(),
    /** Operating system and architecture: `linux x64`. */
    platform: text,
    engine: z.object({ name: z.enum(['onnxruntime', 'tensorflow']), version: text }),
    measuredAt: z.iso.datetime(),
    measurements: z.array(measurementSchema).min(1).max(MOST),
  })
  .superRefine(({ measurements }, context) => {
    for (const [i, { p10Ms, p50Ms, p90Ms, comparedWith, speedup }] of measurements.entries()) {
      const path = (field: string) => ({ code: 'custom' as const, path: ['measurements', i, field] });
      if (p10Ms > p50Ms || p50Ms > p90Ms) {
        context.addIssue({ ...path('p50Ms'), message: 'lies between p10Ms and p90Ms' });
      }
      if ((comparedWith === null) !== (speedup === null)) {
        context.addIssue({ ...path('speedup'), message: 'goes with comparedWith: give both, or neither' });
      }
      if (speedup && speedup.low > speedup.high) {
        context.addIssue({ ...path('speedup'), message: 'has its low above its high' });
      }
    }
  });

export type Measurements = z.infer<typeof measurementsSchema>;
export type Measurement = Measurements['measurements'][number];

/** @throws {InputError} for what are no measurements; it names the field */
export function checkMeasurements(value: unknown, name: string, field?: string): Measurements {
  return readBy(measurementsSchema, value, name, field);
}

/** @throws {InputError} for a file that cannot be read, or holds something else */
export async function readMeasurements(file: string): Promise<Measurements> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new InputError(`cannot read the measurements ${file}: ${firstLineOf(error)}`);
  }
  return checkMeasurements(value, file);
}

export async function writeMeasurements(file: string, measurements: Measurements): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(measurements, null, 2)}\n`);
}
