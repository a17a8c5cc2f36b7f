import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { InputError } from '@espalier/errors';
import type { Terminal } from '../terminal.ts';
import type { Client } from './client.ts';
import { graphql } from './graphql.ts';

const createUpload = graphql(`
  mutation CreateUpload($fileName: String!, $bytes: Float) {
    payload: createUpload(fileName: $fileName, bytes: $bytes) { ok error { message } made: upload { id url } }
  }
`);

/**
 * Sends a file to a platform, with progress, and gives the id of the upload.
 *
 * @param fileName what the platform calls it in messages
 * @throws {InputError} if the platform refuses it
 */
export async function upload(
  client: Client,
  file: string,
  terminal: Terminal,
  fileName = path.basename(file),
): Promise<string> {
  const { size } = await stat(file);
  const { id, url } = await client.change(createUpload, { fileName, bytes: size });
  const progress = terminal.progress('uploading', 'bytes');
  let sent = 0;
  const bytes = createReadStream(file).on('data', (chunk) => {
    sent += chunk.length;
    progress.update(sent, size);
  });
  const body = Readable.toWeb(bytes) as ReadableStream;
  const response = await client.fetch(url, { method: 'PUT', body, duplex: 'half' } as RequestInit);
  terminal.endProgress();
  if (!response.ok) throw new InputError(`the upload was refused: ${await reason(response)}`);
  return id;
}

export async function reason(response: Response): Promise<string> {
  const { error } = (await response.json().catch(() => ({}))) as { error?: string };
  return error ?? `status ${response.status}`;
}
