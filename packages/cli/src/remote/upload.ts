import path from 'node:path';
import { type Client, sendFile } from '@espalier/client';
import type { Context } from '../terminal.ts';

/** {@link sendFile}, with its progress on the terminal. */
export async function upload(
  client: Client,
  file: string,
  { terminal, signal }: Context,
  fileName = path.basename(file),
): Promise<string> {
  const progress = terminal.progress('uploading', 'bytes');
  try {
    const onSent = (sent: number, size: number) => progress.update(sent, size);
    return await sendFile(client, file, { signal, onSent, fileName });
  } finally {
    terminal.endProgress();
  }
}
