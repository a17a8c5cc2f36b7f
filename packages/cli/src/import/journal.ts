import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Client } from '@espalier/client';
import { InputError } from '@espalier/errors';
import type { Context } from '../terminal.ts';
import { JournalSender } from './journal-sender.ts';
import { readWritten, type Written } from './python-json.ts';

export interface JournalSent {
  readonly file: string;
  /** That the platform took: those of before, too. */
  readonly writes: number;
}

/**
 * Sends all that is in a journal of the client for Python, in its order. Sent again, by this or by that client, it
 * changes nothing.
 *
 * @throws {InputError} for a line that is none of a journal, and for what the platform refuses
 */
export async function importJournal(
  client: Client,
  file: string,
  { terminal, signal }: Context,
): Promise<JournalSent> {
  const entry = await stat(file).catch(() => null);
  if (!entry?.isFile()) throw new InputError(`there is no file ${file}`);
  const sender = new JournalSender(client, file, signal);
  const progress = terminal.progress('sending', 'bytes');
  try {
    for await (const { line, start, behind } of linesOf(file)) {
      signal.throwIfAborted();
      await sender.take(entryOf(file, line, start));
      progress.update(behind, entry.size);
    }
    await sender.flush();
  } finally {
    terminal.endProgress();
  }
  return { file, writes: sender.writes };
}

/** The whole lines of a file with their places in it; a last one that is not whole is left out. */
async function* linesOf(file: string) {
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a, from)) {
      const length = end + 1 - from;
      yield { line: rest.toString('utf8', from, end), start, behind: start + length };
      start += length;
      from = end + 1;
    }
    rest = rest.subarray(from);
  }
}

function entryOf(file: string, line: string, start: number): ReadonlyMap<string, Written> {
  let entry: Written = '';
  try {
    entry = readWritten(line);
  } catch {
    // Told below.
  }
  if (entry instanceof Map && entry.has('kind')) return entry;
  throw new InputError(`${file}: the line at byte ${start} is not one of a journal`);
}
