'use client';

import {
  createContext,
  type MouseEvent,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react';

interface Lit {
  readonly id: string | null;
  readonly light: (id: string | null) => void;
}

const Context = createContext<Lit>({ id: null, light: () => {} });

/** The run under the pointer, whether that is over the chart or the table: both show which one it is. */
export function LitRun({ children, className }: { children: ReactNode; className?: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [id, light] = useState<string | null>(null);

  useEffect(() => {
    for (const row of box.current?.querySelectorAll<HTMLElement>('tr[data-row]') ?? []) {
      row.toggleAttribute('data-lit', row.dataset.row === id);
    }
  }, [id]);

  const follow = (event: MouseEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('tr[data-row]') : null;
    // Over the chart it is the chart that tells.
    if (row) light(row.dataset.row ?? null);
    else if (event.target instanceof Element && !event.target.closest('[data-chart]')) light(null);
  };

  return (
    <Context value={{ id, light }}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it follows the pointer and does nothing */}
      {/* biome-ignore lint/a11y/useKeyWithMouseEvents: rows show their focus themselves */}
      <div ref={box} onMouseOver={follow} onMouseLeave={() => light(null)} className={className}>
        {children}
      </div>
    </Context>
  );
}

export function useLitRun(): Lit {
  return useContext(Context);
}
