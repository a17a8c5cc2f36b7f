import Link from 'next/link';
import type { ReactNode } from 'react';

/** A name that leads to the page of what it names. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="hover:underline">
      {children}
    </Link>
  );
}
