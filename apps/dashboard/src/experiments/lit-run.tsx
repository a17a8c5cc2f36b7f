'use client';

import {
  createContext,
  type FocusEvent,
  type MouseEvent,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';

interface Lit {
  /** The run under the pointer. */
  readonly id: string | null;
  readonly light: (id: string | null) => void;
  /** The runs that are left in the table; null for all. */
  readonly kept: readonly string[] | null;
  readonly keep: (ids: readonly string[] | null) => void;
}

const Context = createContext<Lit>({ id: null, light: () => {}, kept: null, keep: () => {} });

/**
 * Chart and table inside show the same run under the pointer, whether that is over the one or the other, or under the
 * keyboard; the table leaves in what a rectangle on the chart keeps.
 */
export function LitRun({ children, className }: { children: ReactNode; className?: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [id, light] = useState<string | null>(null);
  const [kept, keep] = useState<readonly string[] | null>(null);

  // After each look at the page: rows come and go.
  useEffect(() => {
    for (const row of box.current?.querySelectorAll<HTMLElement>('tr[data-row]') ?? []) {
      row.toggleAttribute('data-lit', row.dataset.row === id);
      row.hidden = kept !== null && !kept.includes(row.dataset.row ?? '');
    }
  });

  const follow = (event: MouseEvent | FocusEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('tr[data-row]') : null;
    // Over the chart it is the chart that tells.
    if (row) light(row.dataset.row ?? null);
    else if (event.target instanceof Element && !event.target.closest('[data-chart]')) light(null);
  };

  const value = useMemo(() => ({ id, light, kept, keep }), [id, kept]);
  return (
    <Context value={value}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it follows the pointer and does nothing */}
      <div
        ref={box}
        onMouseOver={follow}
        onFocus={follow}
        onMouseLeave={() => light(null)}
        className={className}
      >
        {children}
      </div>
    </Context>
  );
}

export function useLitRun(): Lit {
  return useContext(Context);
}
