'use client';

import { useSyncExternalStore } from 'react';

/** Whoever does not answer within this is not there. */
const PATIENCE_MS = 5000;

/** Since when the platform has not answered, in ms of the epoch; null while it does. */
let lostSince: number | null = null;
const listeners = new Set<() => void>();

/**
 * Asks whether the platform answers, and keeps it. A page must ask before it has itself made again: without an answer
 * the browser would leave it for an error of its own.
 */
export async function isReached(): Promise<boolean> {
  const asked = Date.now();
  const reached = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) })
    .then(({ ok }) => ok)
    .catch(() => false);
  const since = reached ? null : (lostSince ?? asked);
  if (since !== lostSince) {
    lostSince = since;
    for (const listener of listeners) listener();
  }
  return reached;
}

export function useLostSince(): number | null {
  return useSyncExternalStore(
    subscribe,
    () => lostSince,
    () => null,
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
