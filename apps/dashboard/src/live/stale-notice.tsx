'use client';

import { useRouter } from 'next/navigation';
import { useOffline } from 'next/offline';
import { useEffect, useState } from 'react';
import { duration } from '#src/format/numbers.ts';
import { Button } from '#src/ui/button.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { isReached, useLostSince } from './reach.ts';

const LOOK_MS = 15_000;
const LOOK_AGAIN_MS = 3000;

/**
 * While the platform does not answer: how old the page is. It goes, and the page is made again, when it does; the router
 * holds back pages that links asked for until then.
 */
export function StaleNotice() {
  const router = useRouter();
  const since = useLostSince();
  const isLost = since !== null;
  // The router says so as soon as a page that was asked for does not come.
  const isWaiting = useOffline();
  const [now, setNow] = useState(0);

  useEffect(() => {
    const look = async () => {
      if (document.visibilityState !== 'visible') return;
      const reached = await isReached();
      setNow(Date.now());
      if (reached && isLost) router.refresh();
    };
    if (isWaiting) void look();
    const timer = setInterval(look, isLost ? LOOK_AGAIN_MS : LOOK_MS);
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
    };
  }, [isLost, isWaiting, router]);

  if (since === null) return null;
  return (
    <div className="sticky top-0 z-30 px-4 pt-2 md:px-6">
      <Notice>
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="min-w-0">
            The platform does not answer. This page is {duration(Math.max(0, now - since) / 1000)} old; it
            updates by itself when the platform is back, and links that you followed open then. Nothing is
            lost.
          </span>
          {/* Both this notice and the router take it for the sign to look again. */}
          <Button onClick={() => window.dispatchEvent(new Event('online'))}>Retry now</Button>
        </span>
      </Notice>
    </div>
  );
}
