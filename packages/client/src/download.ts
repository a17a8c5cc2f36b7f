import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@espalier/errors';
import type { Client } from './client.ts';
import { reason } from './upload.ts';

interface FetchOptions {
  /** That it is known by; null for what is made when it is fetched. */
  readonly sha256?: string | null;
  /** In words, for messages. */
  readonly what?: string;
  /** Told how many bytes have come, of how many; 0 where that is not known. */
  readonly onReceived?: (received: number, size: number) => void;
}

export interface FetchedFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Writes what a platform has at a path, such as the `downloadUrl` of a network, to a file: whole, and with the hash that
 * it is known by, or not at all.
 *
 * @throws {InputError} if there is no such file, or what arrives is not it
 */
export async function fetchFile(
  client: Client,
  url: string,
  file: string,
  { sha256: expected = null, what = 'it', onReceived = () => {} }: FetchOptions = {},
): Promise<FetchedFile> {
  const response = await client.fetch(url);
  if (!response.ok || !response.body) throw new InputError(`cannot download it: ${await reason(response)}`);
  const size = Number(response.headers.get('content-length') ?? 0);
  const hash = createHash('sha256');
  let bytes = 0;
  const body = Readable.fromWeb(response.body as never).on('data', (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
    onReceived(bytes, size);
  });
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    await pipeline(body, createWriteStream(unfinished)).catch((error: NodeJS.ErrnoException) => {
      throw new InputError(
        `the download was interrupted after ${bytes} bytes (${error.code ?? error.message}); try again`,
      );
    });
    const sha256 = hash.digest('hex');
    if (expected !== null && sha256 !== expected) {
      throw new InputError(`the received file is not ${what} (its sha256 differs); try again`);
    }
    await rename(unfinished, file);
    return { file, sha256, bytes };
  } finally {
    await rm(unfinished, { force: true });
  }
}
