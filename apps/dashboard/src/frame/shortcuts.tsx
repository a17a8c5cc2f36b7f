'use client';

import { useEffect, useState } from 'react';
import { Dialog } from '#src/ui/dialog.tsx';
import { isTyping } from '#src/ui/keys.ts';

const SHORTCUTS = [
  ['/ or ⌘K', 'go to an experiment, a model or a page'],
  ['j, k', 'down and up in a list of runs'],
  ['Enter', 'open the run'],
  ['x', 'select the run'],
  ['c', 'compare the selected runs'],
  ['arrows', 'from cell to cell in a matrix'],
  ['?', 'this list'],
] as const;

/** `?` tells of all keys. */
export function Shortcuts() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event)) setOpen(true);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <Dialog open={open} onOpenChange={setOpen} title="Keys">
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-2">
        {SHORTCUTS.map(([keys, what]) => (
          <div key={keys} className="col-span-2 grid grid-cols-subgrid">
            <dt className="font-mono text-small">{keys}</dt>
            <dd className="text-ink-soft">{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
