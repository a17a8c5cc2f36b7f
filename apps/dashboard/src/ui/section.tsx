import { clsx } from 'clsx';
import type { ReactNode } from 'react';

/** A part of a page under a heading: a hairline, not a box. */
export function Section({
  id,
  title,
  aside,
  children,
  className,
}: {
  /** Of its place, for links that lead there. */
  id?: string;
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section id={id} className={clsx('min-w-0 scroll-mt-4', className)}>
      <div className="mb-2 flex min-h-8 flex-wrap items-end justify-between gap-x-3 border-b border-line pb-1.5">
        <h2 className="text-lead font-semibold">{title}</h2>
        {aside && <div className="flex items-center gap-2 text-ink-soft">{aside}</div>}
      </div>
      {children}
    </section>
  );
}

/** What will be here, and the one next step. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-lg border border-dashed border-line-strong px-6 py-10 text-center">
      <p className="text-lead font-medium">{title}</p>
      {children && <div className="max-w-lg text-ink-soft">{children}</div>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}
