import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@espalier/errors';
import type { Client } from './client.ts';
import { reason } from './upload.ts';

/** What a table is asked for by; objects go as JSON. */
type Asked = Readonly<Record<string, string | object>>;

/**
 * Sends a table of the platform to stdout as it comes, where a format was asked for.
 *
 * @returns whether one was
 * @throws {InputError} if the platform refuses
 */
export async function sendExport(
  client: Client,
  table: string,
  { csv, ndjson }: { readonly csv?: boolean; readonly ndjson?: boolean },
  asked: Asked,
): Promise<boolean> {
  if (!csv && !ndjson) return false;
  const texts = Object.entries(asked).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const query = new URLSearchParams(Object.fromEntries(texts));
  const response = await client.fetch(`/files/export/${table}.${csv ? 'csv' : 'ndjson'}?${query}`);
  if (!response.ok || !response.body)
    throw new InputError(`the export was refused: ${await reason(response)}`);
  await pipeline(Readable.fromWeb(response.body as never), process.stdout, { end: false });
  return true;
}
