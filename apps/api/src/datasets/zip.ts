import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '@espalier/errors';
import { ArtifactCache, type StoredArtifact } from '@espalier/store';
import { FieldError } from '../errors.ts';
import type { Services } from '../graphql/context.ts';
import type { Answers } from '../reading/task.ts';
import { type ImageSettings, SETTINGS } from './images-input.ts';

/** An upload that is a zip of images. */
export interface Zip {
  /** Of its data set. */
  readonly name: string;
  readonly sha256: string;
  readonly fileName: string;
}

/** Of a zip: how it begins, also where it is empty. */
const BEGINNINGS = ['PK\x03\x04', 'PK\x05\x06'];

/** Bytes of the smallest. */
const LEAST = 22;

export async function isZip({ artifacts }: Services, sha256: string): Promise<boolean> {
  if (((await artifacts.size(sha256)) ?? 0) < LEAST) return false;
  const beginning = await artifacts.get(sha256, { first: 0, last: 3 });
  if (!beginning) return false;
  const parts: Buffer[] = [];
  for await (const part of beginning) parts.push(part);
  return BEGINNINGS.includes(Buffer.concat(parts).toString('latin1'));
}

/** What a data set of these images would be. */
export function previewImages(services: Services, teamId: string, zip: Zip, settings: ImageSettings) {
  return withImages(services, teamId, zip, settings, false, async (images) => images);
}

/** What is packed of a zip's images, which is in the store afterwards, and all that there is to know of it. */
interface PackedImages {
  readonly images: Answers['images'];
  readonly dataset: Answers['dataset'];
  readonly file: StoredArtifact;
}

/** @throws {FieldError} about the upload, or about how it is packed */
export function packImages(
  services: Services,
  teamId: string,
  zip: Zip,
  settings: ImageSettings,
): Promise<PackedImages> {
  const { reading, artifacts } = services;
  return withImages(services, teamId, zip, settings, true, async (images, { file, home }) => {
    const dataset = await reading.read(teamId, async () => ({ kind: 'dataset', file, name: zip.name, home }));
    return { images, dataset, file: await artifacts.put(createReadStream(file)) };
  });
}

/** Files and folders of a zip: each is written, and named in memory. */
const MOST_ENTRIES = 100_000;
/** Images hardly get smaller in a zip: what unpacks to more is no zip of images. */
const UNPACKED_TIMES = 4;
/** Bytes on our disk for each that is unpacked, and for each that is packed: decoded, packed and stored. */
const COPIES = 4;

async function withImages<T>(
  { artifacts, home, reading, room, uploadLimit }: Services,
  teamId: string,
  { name, sha256, fileName }: Zip,
  settings: ImageSettings,
  isPacked: boolean,
  then: (images: Answers['images'], packed: { readonly file: string; readonly home: string }) => Promise<T>,
): Promise<T> {
  const cache = new ArtifactCache(artifacts, home);
  // What a killed process leaves is swept away by its ending.
  const folder = await cache.derivedFolder(`images-${randomUUID()}.tmp`);
  const packed = path.join(folder, 'packed.espalier-data');
  let file = fileName;
  try {
    const images = await reading.read(teamId, async () => {
      file = await cache.file(sha256, '.zip');
      const left = Math.floor((await room.left()) / COPIES);
      const most = {
        entries: MOST_ENTRIES,
        bytes: Math.min(UNPACKED_TIMES * uploadLimit, left),
        packed: Math.min(uploadLimit, left),
      };
      return { kind: 'images', file, name, folder, ...settings, packed: isPacked ? packed : null, most };
    });
    return await then(images, { file: packed, home: folder });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message, field = '' } = error;
    const at = field in SETTINGS ? `images.${field}` : 'uploadId';
    throw new FieldError(message.replaceAll(file, path.basename(fileName)), at);
  } finally {
    await rm(folder, { recursive: true, force: true });
    // It is not read again; a preview is followed by another one, or by the packing.
    if (isPacked) await cache.remove(sha256, '.zip');
  }
}
