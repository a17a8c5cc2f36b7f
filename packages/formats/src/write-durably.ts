import { open } from 'node:fs/promises';

/** On the disk before it gets its name, so that a power cut cannot leave an empty file under it. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    // Unlike a single write call, writeFile goes on after a short write and fails on a full disk.
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
