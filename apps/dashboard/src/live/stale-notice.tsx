'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { duration } from '#src/format/numbers.ts';
import { Notice } from '#src/ui/notice.tsx';
import { isReached, useLostSince } from './reach.ts';

const LOOK_MS = 15_000;
const LOOK_AGAIN_MS = 3000;

/** While the platform does not answer: how old the page is. It goes, and the page is made again, when it does. */
export function StaleNotice() {
  const router = useRouter();
  const since = useLostSince();
  const isLost = since !== null;
  const [now, setNow] = useState(0);

  useEffect(() => {
    const look = async () => {
      if (document.visibilityState !== 'visible') return;
      const reached = await isReached();
      setNow(Date.now());
      if (reached && isLost) router.refresh();
    };
    const timer = setInterval(look, isLost ? LOOK_AGAIN_MS : LOOK_MS);
    window.addEventListener('online', look);
    window.addEventListener('offline', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', look);
      window.removeEventListener('offline', look);
    };
  }, [isLost, router]);

  if (since === null) return null;
  return (
    <div className="sticky top-0 z-30 px-4 pt-2 md:px-6">
      <Notice>
        The platform does not answer. This page is {duration(Math.max(0, now - since) / 1000)} old; it updates
        by itself when the platform is back. Nothing is lost.
      </Notice>
    </div>
  );
}
