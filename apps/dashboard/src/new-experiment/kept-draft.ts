'use client';

import { useEffect, useRef, useState } from 'react';
import type { ExperimentDraft } from './plan.ts';

/** Raised when a draft of before could not be read any more. */
const VERSION = 1;

/** Each way into the form has a draft of its own: a new experiment, a copy of one, a run once more. */
function keyOf(): string {
  return `new-experiment ${location.search}`;
}

/** Null where none is kept, or none that can be read. */
function read(): ExperimentDraft | null {
  try {
    const { version, draft } = JSON.parse(sessionStorage.getItem(keyOf()) ?? 'null') ?? {};
    return version === VERSION ? draft : null;
  } catch {
    return null;
  }
}

/** A browser may refuse to keep anything. */
function write(draft: ExperimentDraft | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(keyOf());
    else sessionStorage.setItem(keyOf(), JSON.stringify({ version: VERSION, draft }));
  } catch {}
}

/**
 * Keeps what somebody filled in for as long as the tab is open: also over a reload, and while they look at another page.
 *
 * @param onFound is given a draft of before; answers whether it can still be used
 */
export function useKeptDraft(draft: ExperimentDraft, onFound: (draft: ExperimentDraft) => boolean) {
  const untouched = useRef(draft);
  const [isRead, setRead] = useState(false);
  const [isKept, setKept] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it is read once, when the page is there
  useEffect(() => {
    const found = read();
    setKept(found !== null && onFound(found));
    setRead(true);
  }, []);
  useEffect(() => {
    if (isRead && draft !== untouched.current) write(draft);
  }, [draft, isRead]);

  return {
    /** Whether what is shown was filled in before. */
    isKept,
    /** Forgets it; answers what the form began with. */
    forget(): ExperimentDraft {
      write(null);
      setKept(false);
      return untouched.current;
    },
  };
}
