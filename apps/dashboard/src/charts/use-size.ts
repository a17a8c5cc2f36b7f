import { useEffect, useRef, useState } from 'react';
import type { Size } from './layout.ts';

/** A box and its size in px, which follows it; null before it is known, and while it has none. */
export function useSize<Element extends HTMLElement>() {
  const box = useRef<Element>(null);
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      setSize(width > 0 && height > 0 ? { width, height } : null);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, size };
}
