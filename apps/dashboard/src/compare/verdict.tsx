import { clsx } from 'clsx';
import { Check, CircleAlert, TriangleAlert } from 'lucide-react';
import { query } from '#src/graphql/server.ts';
import { type ComparedBy, verdictQuery } from './compare-query.ts';

const LOOKS = {
  COMPARABLE: [Check, 'text-done', 'These runs may be compared'],
  RESERVATIONS: [TriangleAlert, 'text-cancelled', 'These runs may be compared with reservations'],
  NOT_COMPARABLE: [CircleAlert, 'text-failed', 'These runs may not be compared'],
} as const;

/** Whether the runs of a comparison may be compared, why not, and what a careful comparison would also have. */
export async function Verdict({ by }: { by: ComparedBy }) {
  const { comparison } = await query(verdictQuery, by);
  const { verdict, reasons, badges } = comparison.comparability;
  const [Icon, colour, words] = LOOKS[verdict];
  return (
    <section aria-label="Verdict" className="rounded-md border border-line bg-sunken px-3 py-2">
      <p className="flex items-center gap-2 font-medium">
        <Icon aria-hidden className={clsx('size-4 shrink-0', colour)} />
        {words}
        {reasons.length === 0 ? ': they were made under equal conditions.' : ':'}
      </p>
      {reasons.length > 0 && (
        <ul className="mt-1 list-disc pl-10 text-ink-soft">
          {reasons.map(({ rule, text }) => (
            <li key={rule}>{text}</li>
          ))}
        </ul>
      )}
      <ul className="mt-1 flex flex-wrap gap-x-4 pl-6 text-small text-ink-soft">
        <li>To say which strategy is better:</li>
        {badges.map(({ name, earned, text }) => (
          <li key={name} className="flex items-center gap-1">
            <span aria-hidden className={earned ? 'text-done' : 'text-ink-faint'}>
              {earned ? '●' : '○'}
            </span>
            <span className="sr-only">{earned ? 'has' : 'lacks'}</span>
            {name.toLowerCase().replaceAll('_', ' ')}: {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** In its place meanwhile: of the height that most verdicts have. */
export function VerdictToCome() {
  return (
    <p className="min-h-20 rounded-md border border-line bg-sunken px-3 py-2 text-ink-soft">
      Whether these runs may be compared is looked at …
    </p>
  );
}
