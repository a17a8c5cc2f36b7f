import { Download } from 'lucide-react';
import type { ExportFormat } from '#src/format/export-url.ts';
import { Menu, MenuLink } from './menu.tsx';

const FORMATS = ['csv', 'ndjson', 'md', 'tex'] as const satisfies readonly ExportFormat[];

/** A table as a file, in the formats that there are. */
export function ExportMenu({
  of,
  one,
  url,
}: {
  /** Where a page has several tables: which one. */
  of?: string;
  /** What a line of it is. */
  one: string;
  url: (format: ExportFormat) => string;
}) {
  const words = {
    ...{ csv: 'CSV, for a spreadsheet', ndjson: `JSON, a line each ${one}` },
    ...{ md: 'Markdown, for a page', tex: 'LaTeX, for a paper' },
  };
  return (
    <Menu label={of ? `Export ${of}` : 'Export'}>
      {FORMATS.map((format) => (
        <MenuLink key={format} href={url(format)}>
          <Download aria-hidden className="size-4 text-ink-soft" />
          {words[format]}
        </MenuLink>
      ))}
    </Menu>
  );
}
