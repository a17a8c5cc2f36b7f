'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { isReached } from './reach.ts';

/** Asks for the page again every so often, while it is looked at: for what no stream tells of. */
export function Refresh({ seconds }: { seconds: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(async () => {
      if (document.visibilityState === 'visible' && (await isReached())) router.refresh();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [router, seconds]);
  return null;
}
