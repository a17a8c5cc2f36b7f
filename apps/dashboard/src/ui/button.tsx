import { clsx } from 'clsx';
import Link from 'next/link';
import type { ComponentProps } from 'react';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

const LOOKS: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-accent-ink hover:bg-accent-hover',
  plain: 'border border-line-strong bg-surface hover:bg-hover',
  quiet: 'text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'border border-danger text-danger hover:bg-danger-soft',
};

const SHAPE =
  'inline-flex h-8 items-center justify-center gap-1.5 rounded-md px-3 font-medium whitespace-nowrap transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-50';

export function Button({
  look = 'plain',
  className,
  type = 'button',
  ...props
}: ComponentProps<'button'> & { look?: Look }) {
  return <button type={type} className={clsx(SHAPE, LOOKS[look], className)} {...props} />;
}

/** A link that is the page's next step. */
export function ButtonLink({
  look = 'plain',
  className,
  ...props
}: ComponentProps<typeof Link> & { look?: Look }) {
  return <Link className={clsx(SHAPE, LOOKS[look], className)} {...props} />;
}

/** An icon alone: the name is for screen readers and the hover. */
export function IconButton({ label, className, ...props }: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={clsx(
        'inline-flex size-8 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink',
        className,
      )}
      {...props}
    />
  );
}
