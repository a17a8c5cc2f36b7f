import Link from 'next/link';
import { termOf } from './terms.ts';

/** A text; where it is a term, with its meaning on hover and a link to the glossary. */
export function Term({ children }: { children: string }) {
  const term = termOf(children);
  if (!term) return children;
  return (
    <Link
      href={`/glossary#${term.id}`}
      title={term.words}
      className="underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-ink"
    >
      {children}
    </Link>
  );
}
