'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';

/** Half a screen before it is seen, so that what is asked for then is mostly there in time. */
const AHEAD = '50%';

/** Whether an element has come near the part of the page that is seen; once true, it stays true. */
export function useNear<E extends Element>(): { readonly ref: RefObject<E | null>; readonly near: boolean } {
  const ref = useRef<E>(null);
  const [near, setNear] = useState(false);

  useEffect(() => {
    if (near || !ref.current) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setNear(true),
      { rootMargin: `${AHEAD} 0px` },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [near]);

  return { ref, near };
}
