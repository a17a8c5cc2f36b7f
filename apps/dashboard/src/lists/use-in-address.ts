'use client';

import { useSearchParams } from 'next/navigation';
import { useState } from 'react';

/**
 * A choice that stands in the address, so that a link shows the same; the usual one is left out of it.
 *
 * @param known what may stand there
 */
export function useInAddress<Choice extends string>(
  name: string,
  usual: Choice,
  known: readonly Choice[],
): readonly [Choice, (choice: Choice) => void] {
  const params = useSearchParams();
  const [choice, setChoice] = useState(() => known.find((each) => each === params.get(name)) ?? usual);
  const choose = (next: Choice) => {
    setChoice(next);
    const address = new URLSearchParams(location.search);
    if (next === usual) address.delete(name);
    else address.set(name, next);
    history.replaceState(null, '', `${location.pathname}${address.size > 0 ? `?${address}` : ''}`);
  };
  return [choice, choose];
}
