import { clsx } from 'clsx';
import { Download } from 'lucide-react';

/** A file of the platform, saved under a name where its address has none. */
export function DownloadLink({
  url,
  name,
  label = 'Download',
  className = 'border border-line-strong hover:bg-hover',
}: {
  url: string;
  name?: string;
  label?: string;
  className?: string;
}) {
  return (
    <a
      href={name === undefined ? url : `${url}?${new URLSearchParams({ name })}`}
      download
      className={clsx('inline-flex h-8 items-center gap-1.5 rounded-md px-3 font-medium', className)}
    >
      <Download aria-hidden className="size-4" />
      {label}
    </a>
  );
}
