import type { ReactNode } from 'react';
import { duration, plural } from '#src/format/numbers.ts';
import { limitsWords } from '#src/settings/limits.ts';
import { recipeWords } from '#src/settings/recipe-words.ts';
import { repairWords } from '#src/settings/repair-words.ts';
import { type Expected, expected, type PastRun } from './expected.ts';
import {
  type AllocationMethod,
  anySamples,
  type countRuns,
  type ExperimentDraft,
  onceWords,
  recipeOf,
  targetsOf,
} from './plan.ts';
import { type Ahead, roughSeconds } from './rough-time.ts';

/** What a draft starts, in words, and how long it will take. */
export function Summary({
  draft,
  repair,
  allocations,
  counted: { runs, samplings, once },
  past,
  ahead,
  workers,
  children,
}: {
  draft: ExperimentDraft;
  /** Training images; 0 for none. */
  repair: number;
  allocations: readonly AllocationMethod[];
  counted: ReturnType<typeof countRuns>;
  past: readonly PastRun[];
  ahead: Ahead;
  workers: number;
  children: ReactNode;
}) {
  const { strategies, seeds, recoveryUnit, limits } = draft;
  const { rounds, recovery } = anySamples(draft, allocations) ? draft : { rounds: 0, recovery: 0 };
  const time = expected(past, { ...draft, rounds }, runs, workers);
  const rough = time === null && rounds === 0 ? roughSeconds(past, ahead, runs, workers) : null;
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
    timeWords(time, rough, workers),
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

function timeWords(time: Expected | null, rough: number | null, workers: number): string {
  const on = plural(workers, 'worker');
  if (time) return `about ${duration(time.seconds)} on ${on}, by ${plural(time.runs, 'run')} like these`;
  if (rough === null) return 'no estimate of the time yet: no run has finished that tells';
  return `roughly ${duration(rough)} on ${on}, by runs of other networks or with other training`;
}
