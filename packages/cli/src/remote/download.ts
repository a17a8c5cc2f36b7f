import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@espalier/errors';
import type { Terminal } from '../terminal.ts';
import type { Client } from './client.ts';
import type { Run } from './runs.ts';
import { reason } from './upload.ts';

export interface Written {
  readonly id: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * The network of a run as a file: whole, and with the hash that the platform knows it by, or not at all.
 *
 * @param repaired as it was repaired, before what followed
 * @throws {InputError} if there is none, or what arrives is not it
 */
export async function downloadNetwork(
  client: Client,
  { id, state, result }: Run,
  file: string,
  terminal: Terminal,
  repaired = false,
): Promise<Written> {
  if (!result) throw new InputError(`run ${id} has no network yet: it is ${state}`);
  if (!repaired) {
    const { sha256, downloadUrl } = result;
    if (sha256 === null || downloadUrl === null) {
      throw new InputError(`no network of run ${id} was sent: only numbers were told of it`);
    }
    return download(client, { id, sha256, downloadUrl, what: `the network of run ${id}` }, file, terminal);
  }
  if (!result.repaired) throw new InputError(missing(id, result.repair !== null), 'repaired');
  const wanted = { id, ...result.repaired, what: `the repaired network of run ${id}` };
  return download(client, wanted, file, terminal);
}

/** Why there is no repaired network beside the one that a run ends with. */
function missing(id: string, wasRepaired: boolean): string {
  return wasRepaired
    ? `run ${id} ends with its repaired network, or is from before it was kept: leave --repaired out`
    : `run ${id} was not repaired: leave --repaired out`;
}

interface Wanted {
  readonly id: string;
  readonly downloadUrl: string;
  /** Null of what is made when it is fetched. */
  readonly sha256: string | null;
  /** In words. */
  readonly what: string;
}

/** The same of whatever the platform knows by its hash. */
export async function download(
  client: Client,
  { id, downloadUrl, sha256: expected, what }: Wanted,
  file: string,
  terminal: Terminal,
): Promise<Written> {
  const response = await client.fetch(downloadUrl);
  if (!response.ok || !response.body) throw new InputError(`cannot download it: ${await reason(response)}`);
  const total = Number(response.headers.get('content-length') ?? 0);
  const progress = terminal.progress('downloading', 'bytes');
  const hash = createHash('sha256');
  let bytes = 0;
  const body = Readable.fromWeb(response.body as never).on('data', (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
    progress.update(bytes, total);
  });
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    await pipeline(body, createWriteStream(unfinished)).catch((error: NodeJS.ErrnoException) => {
      throw new InputError(
        `the download broke off after ${bytes} bytes (${error.code ?? error.message}); try again`,
      );
    });
    const sha256 = hash.digest('hex');
    if (expected !== null && sha256 !== expected) {
      throw new InputError(`what arrived is not ${what} (its sha256 differs); try again`);
    }
    await rename(unfinished, file);
    return { id, file, sha256, bytes };
  } finally {
    terminal.endProgress();
    await rm(unfinished, { force: true });
  }
}
