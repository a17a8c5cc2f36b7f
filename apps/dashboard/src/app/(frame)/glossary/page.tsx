import type { Metadata } from 'next';
import { TERMS } from '#src/glossary/terms.ts';
import { PageHeader } from '#src/ui/page-header.tsx';

export const metadata: Metadata = { title: 'Glossary' };

export default function GlossaryPage() {
  return (
    <>
      <PageHeader title="Glossary" facts="What the words on the pages mean" />
      <dl className="grid max-w-4xl sm:grid-cols-[max-content_minmax(0,1fr)]">
        {TERMS.map(({ id, name, words }) => (
          <div
            key={id}
            id={id}
            className="scroll-mt-4 border-b border-line py-2.5 target:bg-accent-soft sm:col-span-2 sm:grid sm:grid-cols-subgrid"
          >
            <dt className="px-2 font-medium sm:pr-8">{name}</dt>
            <dd className="px-2 text-ink-soft">{words}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
