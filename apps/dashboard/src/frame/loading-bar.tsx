'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect, useState } from 'react';
import { isPageLink } from './page-link.ts';

/** What comes sooner needs no sign that it comes. */
const SOON_MS = 300;
/** A page that never comes is told by others. */
const GIVE_UP_MS = 30_000;

/** A line on top from a click on a link until its page is there, where that takes a moment. */
export function LoadingBar() {
  const path = usePathname();
  const search = useSearchParams().toString();
  const [shown, setShown] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another address is another page
  useEffect(() => {
    setShown(false);
    let timers: ReturnType<typeof setTimeout>[] = [];
    const clear = () => timers.forEach(clearTimeout);
    const click = (event: MouseEvent) => {
      if (!isPageLink(event, window.location.href)) return;
      clear();
      timers = [setTimeout(() => setShown(true), SOON_MS), setTimeout(() => setShown(false), GIVE_UP_MS)];
    };
    document.addEventListener('click', click, true);
    return () => {
      clear();
      document.removeEventListener('click', click, true);
    };
  }, [path, search]);

  return (
    <div aria-live="polite" className="pointer-events-none fixed inset-x-0 top-0 z-50">
      {shown && (
        <div className="h-0.5 animate-pulse bg-accent">
          <span className="sr-only">Loading the page</span>
        </div>
      )}
    </div>
  );
}
