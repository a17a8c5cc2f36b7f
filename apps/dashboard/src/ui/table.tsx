import { clsx } from 'clsx';
import type { ComponentProps, ReactNode } from 'react';

/** A dense table: rows of 36 px, hairlines, numbers on the right. Wide ones scroll in themselves. */
export function Table({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="relative -mx-1 scroll-shades overflow-x-auto px-1" tabIndex={0} aria-label={caption}>
      <table className="w-full border-collapse">
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </section>
  );
}

export function Th({ right, className, ...props }: ComponentProps<'th'> & { right?: boolean }) {
  return (
    <th
      scope="col"
      className={clsx(
        'h-8 border-b border-line px-2 text-small text-ink-soft whitespace-nowrap first:pl-0 last:pr-0',
        right && 'text-right',
        className,
      )}
      {...props}
    />
  );
}

export function Td({ right, className, ...props }: ComponentProps<'td'> & { right?: boolean }) {
  return (
    <td
      className={clsx(
        'h-9 border-b border-line px-2 py-1 first:pl-0 last:pr-0',
        right && 'numbers',
        className,
      )}
      {...props}
    />
  );
}

export function Tr({ className, ...props }: ComponentProps<'tr'>) {
  return <tr className={clsx('hover:bg-hover', className)} {...props} />;
}
