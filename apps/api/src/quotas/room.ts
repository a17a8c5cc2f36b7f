import { statfs } from 'node:fs/promises';
import { sizeWords } from '@espalier/store';

/** The disk is as full as it may be: what is stored beside must not stop for an upload, the database least of all. */
export class NoRoom extends Error {
  override name = 'NoRoom';
}

/** Room on the disk of a folder. */
export class Room {
  private readonly folder: string;
  private readonly reserve: number;

  /** @param reserve bytes that stay free */
  constructor(folder: string, reserve: number) {
    this.folder = folder;
    this.reserve = reserve;
  }

  /** Bytes that may still be stored. */
  async left(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder);
    return Math.max(0, bavail * bsize - this.reserve);
  }

  /** @throws {NoRoom} if so many bytes more would leave less than the reserve */
  async check(bytes: number): Promise<void> {
    const left = await this.left();
    if (bytes <= left) return;
    throw new NoRoom(
      `the platform's disk is full: ${sizeWords(left)} are left for uploads; empty the trash, or ask the operator of the platform for more space`,
    );
  }
}
