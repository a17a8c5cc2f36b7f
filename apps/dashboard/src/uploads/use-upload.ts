'use client';

import { useRef, useState } from 'react';
import { upload } from './put.ts';

/** How far an upload is; bytes, and bytes a second. */
export interface Sent {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  readonly rate: number | null;
}

/** One file at a time on its way to the platform: how far it is, and what cancels it. */
export function useUpload() {
  const [sent, setSent] = useState<Sent | null>(null);
  const cancelling = useRef<AbortController>(null);

  /**
   * Puts a file there and hands on the upload's id; `sent` tells of it until that is over.
   *
   * @returns null where it was cancelled
   * @throws {Error} with the server's own words where it refuses
   */
  async function send<T>(file: File, then: (uploadId: string) => Promise<T>): Promise<T | null> {
    const began = performance.now();
    const cancel = new AbortController();
    cancelling.current = cancel;
    const show = (done: number) => {
      const seconds = (performance.now() - began) / 1000;
      setSent({ name: file.name, done, total: file.size, rate: seconds < 1 ? null : done / seconds });
    };
    show(0);
    try {
      return await then(await upload(file, { onProgress: show, signal: cancel.signal }));
    } catch (problem) {
      if (cancel.signal.aborted) return null;
      throw problem;
    } finally {
      setSent(null);
    }
  }

  return { sent, send, cancel: () => cancelling.current?.abort() };
}
