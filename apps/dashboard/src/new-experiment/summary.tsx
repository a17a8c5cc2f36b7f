import type { ReactNode } from 'react';
import { duration, plural } from '#src/format/numbers.ts';
import { limitsWords } from '#src/settings/limits.ts';
import { recipeWords } from '#src/settings/recipe-words.ts';
import { repairWords } from '#src/settings/repair-words.ts';
import { expected, type PastRun } from './expected.ts';
import {
  type AllocationMethod,
  anySamples,
  type countRuns,
  type ExperimentDraft,
  onceWords,
  recipeOf,
  targetsOf,
} from './plan.ts';

/** What a draft starts, in words, and how long it will take. */
export function Summary({
  draft,
  repair,
  allocations,
  counted: { runs, samplings, once },
  past,
  workers,
  children,
}: {
  draft: ExperimentDraft;
  /** Training images; 0 for none. */
  repair: number;
  allocations: readonly AllocationMethod[];
  counted: ReturnType<typeof countRuns>;
  past: readonly PastRun[];
  workers: number;
  children: ReactNode;
}) {
  const { strategies, seeds, recoveryUnit, limits } = draft;
  const { rounds, recovery } = anySamples(draft, allocations) ? draft : { rounds: 0, recovery: 0 };
  const time = expected(past, { ...draft, rounds }, runs, workers);
  const between =
    recovery > 0 ? `, ${recipeWords({ [recoveryUnit]: recovery })} of training between them` : '';
  const sampled =
    samplings === 0
      ? 'no sampling'
      : `${plural(samplings, 'shared sampling run')}, unless it is there already`;
  const lines = [
    rounds > 0 ? `sampled and cut in ${plural(rounds, 'round')}${between}` : `${sampled}${between}`,
    limitsWords(limits),
    draft.allowInexact ? 'also what a normalisation mixes' : '',
    `repaired: ${repairWords(repair)}`,
    `fine-tuning: ${recipeWords(recipeOf(draft))}`,
    time
      ? `about ${duration(time.seconds)} on ${plural(workers, 'worker')}, by ${plural(time.runs, 'run')} like these`
      : 'no run like these has finished yet, so there is no estimate of the time',
    workers === 0 ? 'no worker is there: they wait until one comes' : '',
  ];
  return (
    <section
      aria-label="What will be started"
      className="grid gap-3 rounded-lg border border-line bg-sunken p-4 lg:sticky lg:top-6"
    >
      <h2 className="text-lead font-semibold">What will be started</h2>
      <ul className="grid gap-1 text-ink-soft">
        <li>
          <strong className="text-ink">{plural(runs, 'run')}</strong>:{' '}
          {plural(strategies.length, 'strategy', 'strategies')} × {plural(targetsOf(draft).length, 'target')}{' '}
          × {plural(seeds.length, 'seed')}
        </li>
        {once > 0 && <li>{onceWords(once)}</li>}
        {lines.filter(Boolean).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {children}
    </section>
  );
}
