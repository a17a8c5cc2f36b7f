import { grouped } from '#src/format/numbers.ts';
import { OriginMark } from '#src/ui/origin-mark.tsx';
import { TextLink } from '#src/ui/text-link.tsx';

interface Sampling {
  readonly id: string;
  readonly criterion: string;
  readonly samples: number;
  readonly origin: string;
  readonly source: { readonly tool: string } | null;
  readonly qualityMetric: { readonly label: string } | null;
  readonly externalMetric: { readonly name: string } | null;
  readonly dataset: { readonly name: string } | null;
}

/** Samplings that are done, each with the way to its page. */
export function SamplingsList({ samplings }: { samplings: readonly Sampling[] }) {
  return (
    <ul className="grid gap-1">
      {samplings.map(({ id, criterion, samples, origin, source, qualityMetric, externalMetric, dataset }) => (
        <li key={id}>
          <TextLink href={`/explore/${id}`}>Explore {criterion}</TextLink>{' '}
          <span className="text-ink-soft">
            by {qualityMetric?.label ?? externalMetric?.name} on {grouped(samples)} images
            {dataset && ` of ${dataset.name}`}
          </span>{' '}
          <OriginMark of={{ origin, tool: source?.tool ?? null, evidence: null }} />
        </li>
      ))}
    </ul>
  );
}
