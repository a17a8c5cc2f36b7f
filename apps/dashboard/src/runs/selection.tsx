'use client';

import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { plural } from '#src/format/numbers.ts';
import { Button } from '#src/ui/button.tsx';
import { isTyping } from '#src/ui/keys.ts';
import { asTheyStand, type SelectableRun, withTicks } from './selected.ts';
import { SelectedActions } from './selected-actions.tsx';

interface Selection {
  readonly ids: readonly string[];
  readonly change: (ids: readonly string[], on: boolean) => void;
}

const Context = createContext<Selection>({ ids: [], change: () => {} });

/**
 * Rows of the table inside can be selected, compared, and taken together: cancelled, tried again, tagged, downloaded,
 * moved to the trash. By keyboard: `j` and `k` go down and up, `x` selects, `c` compares.
 */
export function RunSelection({
  runs,
  tags = [],
  canEdit = false,
  children,
}: {
  /** Those of the table. */
  runs: readonly SelectableRun[];
  /** Of the team, to choose from. */
  tags?: readonly string[];
  canEdit?: boolean;
  children: ReactNode;
}) {
  const [ticked, setTicked] = useState<readonly SelectableRun[]>([]);
  const router = useRouter();
  const ids = ticked.map(({ id }) => id);

  const change = (changed: readonly string[], on: boolean) =>
    setTicked((before) => withTicks(before, changed, on, runs));
  const compare = () => router.push(`/compare?runs=${ids.join(',')}`);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const rows = [...document.querySelectorAll<HTMLElement>('tr:not([hidden]) [data-run]')];
      const here = rows.indexOf(document.activeElement as HTMLElement);
      const focus = (index: number) => rows[Math.min(rows.length - 1, Math.max(0, index))]?.focus();
      if (event.key === 'j') focus(here + 1);
      else if (event.key === 'k') focus(here - 1);
      else if (event.key === 'x') {
        const id = rows[here]?.dataset.run;
        if (id) change([id], !ids.includes(id));
      } else if (event.key === 'c' && ids.length > 1) compare();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });

  return (
    <Context value={{ ids, change }}>
      {children}
      {ids.length > 0 && (
        <div
          role="toolbar"
          aria-label="Selected runs"
          className="sticky bottom-4 z-20 mx-auto mt-4 flex w-fit max-w-full flex-wrap items-center gap-3 rounded-lg border border-line-strong bg-raised px-4 py-2 shadow-lg"
        >
          <span className="tabular-nums">{plural(ids.length, 'run')} selected</span>
          <Button look="primary" disabled={ids.length < 2} onClick={compare}>
            Compare
          </Button>
          <SelectedActions
            runs={asTheyStand(ticked, runs)}
            tags={tags}
            canEdit={canEdit}
            onDone={() => setTicked([])}
          />
          <Button look="quiet" onClick={() => setTicked([])}>
            Clear
          </Button>
        </div>
      )}
    </Context>
  );
}

export function SelectRun({ id, label }: { id: string; label: string }) {
  return <SelectBox of={[id]} label={`Select ${label}`} />;
}

export function SelectAll({ ids }: { ids: readonly string[] }) {
  return <SelectBox of={ids} label="Select all of this page" />;
}

function SelectBox({ of, label }: { of: readonly string[]; label: string }) {
  const { ids, change } = useContext(Context);
  return (
    <input
      type="checkbox"
      aria-label={label}
      checked={of.length > 0 && of.every((id) => ids.includes(id))}
      onChange={(event) => change(of, event.target.checked)}
      className="block size-4 accent-accent"
    />
  );
}
