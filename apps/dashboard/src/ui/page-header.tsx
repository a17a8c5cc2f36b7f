import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Term } from '#src/glossary/term.tsx';

export interface Crumb {
  readonly name: string;
  readonly href: string;
}

/** Where one is, what this is, its key numbers in a line, and the primary action. */
export function PageHeader({
  title,
  crumbs = [],
  actions,
  facts,
}: {
  title: string;
  crumbs?: readonly Crumb[];
  actions?: ReactNode;
  facts?: ReactNode;
}) {
  return (
    <div className="mb-6">
      {crumbs.length > 0 && (
        <nav aria-label="Breadcrumb" className="mb-1">
          <ol className="flex flex-wrap items-center gap-1 text-small text-ink-soft">
            {crumbs.map(({ name, href }) => (
              <li key={href} className="flex items-center gap-1">
                <Link href={href} className="hover:text-ink hover:underline">
                  {name}
                </Link>
                <ChevronRight aria-hidden className="size-3" />
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="min-w-0 text-title font-semibold break-words">{title}</h1>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {facts && <div className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-ink-soft">{facts}</div>}
    </div>
  );
}

/** A name and a value in the line of key numbers. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span className="whitespace-nowrap">
      <Term>{name}</Term> <span className="font-medium text-ink tabular-nums">{children}</span>
    </span>
  );
}
