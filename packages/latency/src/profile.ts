import { readFile } from 'node:fs/promises';
import { firstLineOf, InputError, readBy } from '@espalier/errors';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { ratio, some, speedupSchema, text } from './file-fields.ts';

/** 1 had neither factors nor what joins a layer. */
const VERSION = 2;
const MOST_KINDS = 2000;
const MOST_WIDTHS = 10_000;
const MOST_STRUCTURES = 10_000;

const count = z.int32().nonnegative();
const share = z.number().nonnegative();
const factors = z.array(z.tuple([z.number().positive(), ratio])).max(MOST_WIDTHS);

const kindSchema = z.object({
  /** What decides its time beside channels. */
  kind: text,
  /** Channels are computed in blocks of so many. */
  steps: z.object({ inputs: some, outputs: some }),
  /** A constant; for each input, each output, each pair of both, rounded up to steps. */
  milliseconds: z.tuple([share, share, share, share]),
  /** By which that is multiplied at which inputs and outputs, ascending; left out by version 1. */
  factors: z.object({ inputs: factors, outputs: factors }).optional(),
  /** Layers that it was found by. */
  samples: count,
});

/** How the time of layers of one kind follows their channels. */
export type KindTime = z.infer<typeof kindSchema>;

/** On what times were measured; others are other times. */
const conditionsSchema = z.object({
  /** What a person calls it. */
  device: text,
  cpu: text,
  cores: some,
  /** Bytes. */
  memory: z.int().positive().optional(),
  /** Operating system and architecture: `linux x64`. */
  platform: text,
  engine: z.object({ name: text, version: text, description: text }),
  threads: some,
  /** Images per run. */
  batch: some,
});

export type Conditions = z.infer<typeof conditionsSchema>;

export const profileSchema = z.object({
  format: z.literal('espalier-profile'),
  version: z.int().min(1).max(VERSION),
  network: z.object({
    name: text,
    hash: text,
    /** The same for networks of the same layers with other weights; left out in the first profiles. */
    layers: text.optional(),
  }),
  ...conditionsSchema.shape,
  measuredAt: z.iso.datetime(),
  /** Of the network as given. */
  baseMs: z.number().positive(),
  /** With every group at its smallest. */
  smallestMs: z.number().positive(),
  /** What no layer accounts for. */
  overheadMs: share,
  kinds: z.array(kindSchema).min(1).max(MOST_KINDS),
  /** Structures that the times were found by. */
  structures: some,
  /** Of structures that had no part in it: how far the prediction is off, relative to what was measured. */
  error: z.object({
    median: share,
    worst: share,
    structures: z
      .array(z.object({ predictedMs: share, measuredMs: z.number().positive() }))
      .max(MOST_STRUCTURES),
  }),
  /** How many times as fast as itself the network was: how quiet the machine was. */
  check: speedupSchema,
});

/** What the milliseconds of a network and of its pruned structures are made of, on one device. */
export type DeviceProfile = z.infer<typeof profileSchema>;

/** @throws {InputError} for a file that is no profile; it names the field that is wrong */
export async function readProfile(file: string): Promise<DeviceProfile> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new InputError(`cannot read the profile ${file}: ${firstLineOf(error)}`, 'profile');
  }
  const version = value !== null && typeof value === 'object' && 'version' in value ? value.version : null;
  if (typeof version === 'number' && version > VERSION) {
    throw new InputError(
      `${file}: version: version ${version} is too new, this Espalier reads up to ${VERSION}: profile the device with this version of Espalier`,
      'profile.version',
    );
  }
  return readBy(profileSchema, value, file, 'profile');
}

export async function writeProfile(file: string, profile: DeviceProfile): Promise<void> {
  await writeFileAtomic(file, profileText(profile));
}

/** What a profile's file holds. */
export function profileText(profile: DeviceProfile): string {
  return `${JSON.stringify(profile, null, 2)}\n`;
}
