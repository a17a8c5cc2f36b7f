import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@espalier/errors';
import { sweepOld } from '@espalier/store';
import type { Request } from 'express';
import { NoRoom, type Room } from '../quotas/room.ts';

/** Others fill the disk, too: it is looked at again after so many bytes. */
const LOOK_BYTES = 16e6;

/** Bytes of uploads that are not whole yet, in files that outlive this process. */
export class Incoming {
  private readonly folder: string;
  private readonly room: Pick<Room, 'check'>;
  private readonly busy = new Map<string, { readonly stop: () => void; readonly over: Promise<unknown> }>();

  /** @param home a folder that outlives this process */
  constructor(home: string, room: Pick<Room, 'check'> = { check: async () => {} }) {
    this.folder = path.join(home, 'incoming');
    this.room = room;
  }

  /** Bytes that are there. */
  async received(id: string): Promise<number> {
    return (await stat(this.file(id)).catch(() => null))?.size ?? 0;
  }

  /**
   * Writes a request's body behind the first `offset` bytes, and keeps what has come if it breaks off.
   *
   * @returns bytes that are there
   * @throws {InputError} if that makes more than `limit` bytes; nothing is kept then
   * @throws {BrokenOff} if the request ended before its body did
   * @throws {NoRoom} if it fills the disk; nothing is kept then
   */
  async append(id: string, offset: number, body: Request, limit: number): Promise<number> {
    const file = this.file(id);
    await mkdir(this.folder, { recursive: true });
    const handle = await open(file, 'a', 0o600);
    await handle.truncate(offset);
    await handle.close();
    // It will not say so again: it closed while the file was opened, or before.
    if (body.destroyed) throw new BrokenOff();
    try {
      const flags = { flags: 'r+', start: offset, flush: true } as const;
      await pipeline(counted(body, limit - offset, limit, this.room), createWriteStream(file, flags));
    } catch (error) {
      if (error instanceof InputError || isFull(error)) await this.discard(id);
      throw error;
    }
    return this.received(id);
  }

  read(id: string): Readable {
    return createReadStream(this.file(id));
  }

  async discard(id: string): Promise<void> {
    await rm(this.file(id), { force: true });
  }

  /** What nobody went on with. */
  sweep(): Promise<void> {
    return sweepOld(this.folder);
  }

  /**
   * Does something with an upload that nothing else is done with meanwhile: whoever comes later means it, so what is
   * under way is stopped, and its end waited for.
   */
  async alone<T>(id: string, stop: () => void, work: () => Promise<T>): Promise<T> {
    for (let other = this.busy.get(id); other; other = this.busy.get(id)) {
      other.stop();
      await other.over;
    }
    const doing = work();
    const mine = { stop, over: doing.catch(() => {}) };
    this.busy.set(id, mine);
    try {
      return await doing;
    } finally {
      if (this.busy.get(id) === mine) this.busy.delete(id);
    }
  }

  private file(id: string): string {
    return path.join(this.folder, `${id}.part`);
  }
}

/** A disk without room. */
export function isFull(error: unknown): boolean {
  return (
    error instanceof NoRoom || ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
  );
}

/** The request itself is left alone by whoever refuses its bytes: it is still to be answered. */
function counted(body: Request, most: number, limit: number, room: Pick<Room, 'check'>): Transform {
  let [size, looked] = [0, 0];
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > most) return done(new InputError(`more than ${limit} bytes`));
      if (size - looked < LOOK_BYTES) return done(null, chunk);
      looked = size;
      room.check(0).then(() => done(null, chunk), done);
    },
  });
  body.once('error', (error) => counting.destroy(error));
  body.once('close', () => {
    if (!body.complete) counting.destroy(new BrokenOff());
  });
  return body.pipe(counting);
}

export class BrokenOff extends Error {
  override name = 'BrokenOff';
}
