import { TermLink } from './term-link.tsx';
import { termOf } from './terms.ts';

/** A text; where it is a term, with its meaning on hover and on focus, and a link to the glossary. */
export function Term({ children }: { children: string }) {
  const term = termOf(children);
  if (!term) return children;
  return (
    <TermLink id={term.id} words={term.words}>
      {children}
    </TermLink>
  );
}
