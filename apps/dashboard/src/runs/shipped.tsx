import { PackageCheck } from 'lucide-react';
import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { Time } from '#src/ui/time.tsx';

export const shippedFields = graphql(`
  fragment ShippedFields on ShippedRun @_unmask { shippedAt shippedBy { name } }
`);

/** That a network was put to use: who says so, and since when. */
export function Shipped({ of }: { of: ResultOf<typeof shippedFields> | null }) {
  if (!of) return null;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-accent">
      <PackageCheck aria-hidden className="size-4" />
      shipped <Time at={of.shippedAt} />
      {of.shippedBy && ` by ${of.shippedBy.name}`}
    </span>
  );
}
