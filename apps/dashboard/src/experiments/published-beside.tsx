'use client';

import { usePathname, useRouter } from 'next/navigation';
import { startTransition, useOptimistic } from 'react';
import { Select } from '#src/ui/field.tsx';

/** What of the published results stands beside the runs of an experiment. */
export interface Beside {
  /** Of the same data set. */
  readonly architectures: readonly { readonly name: string; readonly results: number }[];
  readonly dataset: string;
  readonly on: boolean;
  /** Shown; null where neither the model's name nor the address says one. */
  readonly architecture: string | null;
  /** Whether the model's name or tags said it, not a person. */
  readonly byName: boolean;
}

/** What the address says where the model's name decides. */
const BY_NAME = '1';

/** Turns published results on and off, and says of which architecture they are: both stand in the address. */
export function PublishedBeside({ beside, onChange }: { beside: Beside; onChange: (on: boolean) => void }) {
  const router = useRouter();
  const path = usePathname();
  const { architectures, dataset, architecture, byName } = beside;
  // The tick is seen at once, the results when the page has them.
  const [on, setOn] = useOptimistic(beside.on);
  if (architectures.length === 0 && !on) {
    return <p className="text-small text-ink-soft">There are no published results on {dataset}.</p>;
  }
  const go = (value: string | null) => {
    // It may choose another chart, which stands in the address, too.
    onChange(value !== null);
    const params = new URLSearchParams(location.search);
    if (value === null) params.delete('published');
    else params.set('published', value);
    startTransition(() => {
      setOn(value !== null);
      router.replace(`${path}?${params}`, { scroll: false });
    });
  };
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={on} onChange={({ target }) => go(target.checked ? BY_NAME : null)} />
        Published results
      </label>
      {on && beside.on && (
        <>
          <Select
            aria-label="Architecture of the published results"
            className="w-auto"
            value={architecture ?? ''}
            options={[
              ...(architecture === null ? [{ id: '', name: 'Choose an architecture' }] : []),
              ...architectures.map(({ name, results }) => ({ id: name, name: `${name} (${results})` })),
            ]}
            onChange={(name) => go(name || BY_NAME)}
          />
          <span className="text-small text-ink-soft">
            {architecture === null
              ? `The model's name says none of those that there are results of on ${dataset}.`
              : byName
                ? "as the model's name or tags say"
                : 'as you chose'}
          </span>
        </>
      )}
    </div>
  );
}
