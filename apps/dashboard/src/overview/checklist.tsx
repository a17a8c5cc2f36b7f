import { clsx } from 'clsx';
import { Check, Circle } from 'lucide-react';
import Link from 'next/link';
import { ButtonLink } from '#src/ui/button.tsx';
import { Section } from '#src/ui/section.tsx';
import type { FirstStep } from './first-steps.ts';

/** The first steps, ticked as they are done; the next one has the button. */
export function Checklist({ steps }: { steps: readonly FirstStep[] }) {
  const next = steps.find(({ done }) => !done);
  return (
    <Section
      title="First steps"
      aside={`${steps.filter(({ done }) => done).length} of ${steps.length} done`}
      className="mb-8"
    >
      <ol className="grid">
        {steps.map((step) => {
          const { name, words, href, action, done } = step;
          const Icon = done ? Check : Circle;
          return (
            <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line py-2">
              <Icon aria-hidden className={clsx('size-4', done ? 'text-done' : 'text-ink-faint')} />
              <span className="sr-only">{done ? 'Done:' : 'To do:'}</span>
              <Link href={href} className={clsx('hover:underline', done ? 'text-ink-soft' : 'font-medium')}>
                {name}
              </Link>
              {!done && <span className="text-ink-soft">{words}</span>}
              {step === next && (
                <ButtonLink look="primary" href={href} className="ml-auto">
                  {action}
                </ButtonLink>
              )}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
