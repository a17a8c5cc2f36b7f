import { readFile } from 'node:fs/promises';
import { firstLineOf, InputError, readBy } from '@espalier/errors';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';

const share = z.number().nonnegative();
const speedupSchema = z.object({ ratio: z.number(), low: z.number(), high: z.number() });

const kindSchema = z.object({
  /** What decides its time beside channels. */
  kind: z.string(),
  /** Channels are computed in blocks of so many. */
  steps: z.object({ inputs: z.int().positive(), outputs: z.int().positive() }),
  /** A constant; for each input, each output, each pair of both, rounded up to steps. */
  milliseconds: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  /** Layers that it was found by. */
  samples: z.int().nonnegative(),
});

/** How the time of layers of one kind follows their channels. */
export type KindTime = z.infer<typeof kindSchema>;

/** On what times were measured; others are other times. */
const conditionsSchema = z.object({
  /** What a person calls it. */
  device: z.string(),
  cpu: z.string(),
  cores: z.int().positive(),
  platform: z.string(),
  engine: z.object({ name: z.string(), version: z.string(), description: z.string() }),
  threads: z.int().positive(),
  /** Images a run. */
  batch: z.int().positive(),
});

export type Conditions = z.infer<typeof conditionsSchema>;

const profileSchema = z.object({
  format: z.literal('espalier-profile'),
  version: z.literal(1),
  network: z.object({ name: z.string(), hash: z.string() }),
  ...conditionsSchema.shape,
  measuredAt: z.iso.datetime(),
  /** Of the network as given. */
  baseMs: z.number().positive(),
  /** With every group at its smallest. */
  smallestMs: z.number().positive(),
  /** What no layer accounts for. */
  overheadMs: share,
  kinds: z.array(kindSchema).min(1),
  /** Structures that the times were found by. */
  structures: z.int().positive(),
  /** Of structures that had no part in it: how far the prediction is off, relative to what was measured. */
  error: z.object({
    median: share,
    worst: share,
    structures: z.array(z.object({ predictedMs: z.number(), measuredMs: z.number() })),
  }),
  /** How many times as fast as itself the network was: how quiet the machine was. */
  check: speedupSchema,
});

/** What the milliseconds of a network and of its pruned structures are made of, on one device. */
export type DeviceProfile = z.infer<typeof profileSchema>;

/** @throws {InputError} for a file that is no profile */
export async function readProfile(file: string): Promise<DeviceProfile> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new InputError(`cannot read the profile ${file}: ${firstLineOf(error)}`, 'profile');
  }
  return readBy(profileSchema, value, file, 'profile');
}

export async function writeProfile(file: string, profile: DeviceProfile): Promise<void> {
  await writeFileAtomic(file, `${JSON.stringify(profile, null, 2)}\n`);
}
