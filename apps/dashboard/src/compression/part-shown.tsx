import { plural } from '#src/format/numbers.ts';
import { TextLink } from '#src/ui/text-link.tsx';
import { type CompressionView, compressionParams } from './view.ts';

/** That a table has more than it shows, and the way to all of it; nothing where it shows all. */
export function PartShown({
  shown,
  of,
  one,
  many = `${one}s`,
  view,
}: {
  shown: number;
  of: number;
  /** What there are so many of. */
  one: string;
  many?: string;
  view: CompressionView;
}) {
  if (shown >= of) return null;
  return (
    <p className="py-2">
      {shown} of {plural(of, one, many)}.{' '}
      <TextLink href={`/compression?${compressionParams({ ...view, all: true })}`}>Show all</TextLink>
    </p>
  );
}
