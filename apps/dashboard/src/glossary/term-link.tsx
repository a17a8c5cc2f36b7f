'use client';

import Link from 'next/link';
import { type SyntheticEvent, useId, useState } from 'react';

/** Of the box with the meaning, and what is left free beside it; px. */
const WIDTH = 288;
const MARGIN = 8;

/** A term that leads to its place in the glossary and says what it means where one points at it or comes by keyboard. */
export function TermLink({ id, words, children }: { id: string; words: string; children: string }) {
  const box = useId();
  const [place, setPlace] = useState<{ readonly left: number; readonly top: number } | null>(null);
  const show = ({ currentTarget }: SyntheticEvent<HTMLElement>) => {
    const { left, bottom } = currentTarget.getBoundingClientRect();
    const most = document.documentElement.clientWidth - WIDTH - MARGIN;
    setPlace({ left: Math.max(MARGIN, Math.min(left, most)), top: bottom });
  };
  const hide = () => setPlace(null);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the link does what there is to do; this shows a meaning
    <span
      className="inline-block"
      onMouseEnter={show}
      onMouseLeave={hide}
      onFocus={show}
      onBlur={hide}
      onKeyDown={({ key }) => key === 'Escape' && hide()}
    >
      <Link
        href={`/glossary#${id}`}
        {...(place ? { 'aria-describedby': box } : {})}
        className="underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-ink"
      >
        {children}
      </Link>
      {place && (
        <span
          id={box}
          role="tooltip"
          style={{ ...place, width: WIDTH }}
          className="fixed z-50 rounded-md border border-line-strong bg-raised px-3 py-2 text-small font-normal whitespace-normal text-ink shadow-lg"
        >
          {words}
        </span>
      )}
    </span>
  );
}
