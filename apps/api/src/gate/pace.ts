import type { Times } from './routes.ts';

/**
 * Calls `onSlow` once something has moved fewer bytes than it must since it was last looked at.
 *
 * @param moved how many in all
 * @returns ends it
 */
export function watchPace(
  moved: () => number,
  onSlow: () => void,
  { paceMs, paceBytes }: Pick<Times, 'paceMs' | 'paceBytes'>,
): () => void {
  let before = moved();
  const timer = setInterval(() => {
    const now = moved();
    if (now - before < paceBytes) onSlow();
    before = now;
  }, paceMs);
  timer.unref();
  return () => clearInterval(timer);
}
