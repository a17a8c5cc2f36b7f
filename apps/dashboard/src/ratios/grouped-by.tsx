'use client';

import { useRouter } from 'next/navigation';
import { ChoiceMenu } from '#src/ui/menu.tsx';
import { entries } from '#src/ui/named.ts';
import { KEY_NAMES, type RatiosView, ratiosParams } from './view.ts';

/** Chooses the properties that are equal within a group. */
export function GroupedBy({ view }: { view: RatiosView }) {
  const router = useRouter();
  return (
    <ChoiceMenu
      label="Grouped by"
      choices={entries(KEY_NAMES)}
      chosen={view.by}
      onChange={(by) =>
        router.replace(`/ratios?${ratiosParams({ ...view, by: by as RatiosView['by'], all: false })}`, {
          scroll: false,
        })
      }
    />
  );
}
