import { Download } from 'lucide-react';

/** A file of the platform, saved under a name. */
export function DownloadLink({ url, name }: { url: string; name: string }) {
  return (
    <a
      href={`${url}?${new URLSearchParams({ name })}`}
      download
      className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line-strong px-3 font-medium hover:bg-hover"
    >
      <Download aria-hidden className="size-4" />
      Download
    </a>
  );
}
