import type { ReactNode } from 'react';
import { Term } from '#src/glossary/term.tsx';

/** Names and values, a line each. */
export function FactsTable({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)]">
      {facts.map(([name, value]) => (
        <div
          key={name}
          className="col-span-2 grid min-h-9 grid-cols-subgrid items-center border-b border-line"
        >
          <dt className="pr-6 text-ink-soft">
            <Term>{name}</Term>
          </dt>
          <dd className="min-w-0 py-1.5 break-words tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
