'use client';

import { Play } from 'lucide-react';
import { useState } from 'react';
import { count, milliseconds, percent } from '#src/format/numbers.ts';
import { strategyColour } from '#src/format/strategies.ts';
import { send } from '#src/graphql/browser.ts';
import { Button, ButtonLink } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { Dot } from '#src/ui/dot.tsx';
import { DownloadLink } from '#src/ui/download-link.tsx';
import { type Structure, structureFile } from './queries.ts';
import { saveJson } from './save-json.ts';
import { keptShares, type targetOf } from './view.ts';
import { WidthsPicture } from './widths-picture.tsx';

/** Of which sampling, and for what. */
export interface Asked {
  readonly samplingRun: string;
  readonly target: ReturnType<typeof targetOf>;
  readonly profile: string | null;
}

/** All allocations side by side. */
export function StructuresTable({
  structures,
  groups,
  isTimed,
  dropWords,
  startHref,
  asked,
}: {
  structures: readonly Structure[];
  groups: readonly { readonly name: string; readonly width: number }[];
  isTimed: boolean;
  dropWords: (drop: number | null) => string;
  /** Of a form that starts a run; null where none can be. */
  startHref: (structure: Structure) => string | null;
  asked: Asked;
}) {
  return (
    <DataTable
      caption="What each allocation leaves"
      rows={structures}
      keyOf={({ allocation }) => allocation}
      columns={[
        {
          name: 'Allocation',
          namesRow: true,
          sticky: true,
          cell: ({ allocation }) => (
            <span className="flex items-center gap-2">
              <Dot allocation={allocation} />
              {allocation}
            </span>
          ),
        },
        {
          name: 'Widths by group',
          className: 'w-1/3',
          cell: ({ allocation, widths }) => (
            <WidthsPicture
              shares={keptShares(widths, groups)}
              colour={strategyColour(allocation)}
              label={widthWords(widths, groups)}
            />
          ),
        },
        {
          name: 'Predicted drop',
          right: true,
          head: {
            title:
              'The sum of what the cut of each group by itself costs: no result, a way to tell structures apart',
          },
          cell: ({ predictedDrop }) => dropWords(predictedDrop),
        },
        {
          name: 'MACs',
          right: true,
          cell: ({ cost, saved }) => <Left value={count(cost.macs)} saved={saved.macs} />,
        },
        {
          name: 'Params',
          right: true,
          cell: ({ cost, saved }) => <Left value={count(cost.params)} saved={saved.params} />,
        },
        isTimed && {
          name: 'Time',
          right: true,
          cell: ({ cost, saved }) => <Left value={milliseconds(cost.latencyMs)} saved={saved.latency} />,
        },
        {
          name: 'Actions',
          unseen: true,
          cell: (structure) => <Actions structure={structure} href={startHref(structure)} asked={asked} />,
        },
      ]}
    />
  );
}

function Left({ value, saved }: { value: string; saved: number | null }) {
  return (
    <span className="grid">
      <span>{value}</span>
      <span className="text-small text-ink-soft">{saved === null ? '' : `−${percent(saved, 1)}`}</span>
    </span>
  );
}

function Actions({
  structure: { allocation, onnx },
  href,
  asked,
}: {
  structure: Structure;
  href: string | null;
  asked: Asked;
}) {
  const [error, setError] = useState<string | null>(null);
  const download = async () => {
    setError(null);
    try {
      const { allocate } = await send(structureFile, { ...asked, allocation });
      const [found] = allocate?.structures ?? [];
      if (!allocate || !found) throw new Error('there is no such structure any more: load the page again');
      const { structures: _, ...about } = allocate;
      saveJson(`${allocation}-${asked.target.metric.toLowerCase()}-${asked.target.share}`, {
        ...asked,
        ...about,
        ...found,
      });
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <span className="grid justify-items-end gap-1">
      <span className="flex justify-end gap-1.5">
        {href !== null && (
          <ButtonLink href={href} aria-label={`Start a run of ${allocation}`} className="px-2.5">
            <Play aria-hidden className="size-3.5" />
            Start
          </ButtonLink>
        )}
        <Button onClick={download} aria-label={`Download the structure of ${allocation} as JSON`}>
          JSON
        </Button>
        <DownloadLink url={onnx} label="Network" />
      </span>
      {error && (
        <span role="alert" className="text-small text-danger">
          {error}
        </span>
      )}
    </span>
  );
}

/** "12 of 16, 32 of 32": for who does not see the bars. */
function widthWords(
  widths: readonly number[],
  groups: readonly { readonly name: string; readonly width: number }[],
) {
  return groups.map(({ name, width }, g) => `${name} ${widths[g] ?? width} of ${width}`).join(', ');
}
