import { clsx } from 'clsx';
import Link from 'next/link';
import type { Named } from './named.ts';

/** Parts of a page, each with an address of its own. */
export function LinkTabs({
  tabs,
  current,
  path,
  label,
}: {
  tabs: readonly Named[];
  current: string;
  path: string;
  label: string;
}) {
  return (
    <nav aria-label={label} className="mt-6 mb-4 flex gap-1 overflow-x-auto border-b border-line">
      {tabs.map(({ id, name }) => (
        <Link
          key={id}
          href={id === tabs[0]?.id ? path : `${path}?tab=${id}`}
          scroll={false}
          aria-current={id === current ? 'page' : undefined}
          className={clsx(
            '-mb-px border-b-2 px-3 py-2 whitespace-nowrap',
            id === current
              ? 'border-accent font-medium'
              : 'border-transparent text-ink-soft hover:border-line-strong hover:text-ink',
          )}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
