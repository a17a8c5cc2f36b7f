import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { RUN_STATES } from '#src/format/status.ts';
import { Button, ButtonLink } from '#src/ui/button.tsx';
import { DataTable } from '#src/ui/data-table.tsx';
import { Dot } from '#src/ui/dot.tsx';
import { FactsTable } from '#src/ui/facts-table.tsx';
import { ChoiceField, TextField } from '#src/ui/field.tsx';
import { named } from '#src/ui/named.ts';
import { Notice } from '#src/ui/notice.tsx';
import { Fact, PageHeader } from '#src/ui/page-header.tsx';
import { Pager } from '#src/ui/pager.tsx';
import { Progress } from '#src/ui/progress.tsx';
import { Empty, Section } from '#src/ui/section.tsx';
import { Badge, StatusBadge } from '#src/ui/status-badge.tsx';
import { Tags } from '#src/ui/tags.tsx';

export const metadata: Metadata = { title: 'Components' };

/** Every primitive in all its states, in both themes: for whoever works on them. */
export default function ComponentsPage() {
  if (process.env.NODE_ENV === 'production') notFound();
  return (
    <div className="grid lg:grid-cols-2">
      {['light', 'dark'].map((theme) => (
        <div key={theme} className={`${theme} bg-page p-6 text-ink`}>
          <Primitives />
        </div>
      ))}
    </div>
  );
}

const LOOKS = ['primary', 'plain', 'quiet', 'danger'] as const;
const ALLOCATIONS = ['cie', 'cie-proportional', 'global', 'uniform', 'random', 'another'];
const ROWS = [
  { name: 'One', top1: '91.62 %', tags: ['paper', 'best'] },
  { name: 'Another', top1: '–', tags: [] },
];

function Primitives() {
  return (
    <div className="grid gap-8">
      <PageHeader
        title="A title"
        crumbs={[{ name: 'Where one is', href: '#' }]}
        facts={<Fact name="MACs">40.8 M</Fact>}
        actions={
          <ButtonLink look="primary" href="#">
            Primary action
          </ButtonLink>
        }
      />
      <Section title="Buttons">
        <Row>
          {LOOKS.map((look) => (
            <Button key={look} look={look}>
              {look}
            </Button>
          ))}
          <Button disabled>disabled</Button>
        </Row>
      </Section>
      <Section title="States">
        <Row>
          {RUN_STATES.map((state) => (
            <StatusBadge key={state} state={state} />
          ))}
          <Badge status="lost" word="lost" />
        </Row>
      </Section>
      <Section title="Strategies">
        <Row>
          {ALLOCATIONS.map((allocation) => (
            <span key={allocation} className="flex items-center gap-2">
              <Dot allocation={allocation} />
              {allocation}
            </span>
          ))}
        </Row>
      </Section>
      <Section title="Progress">
        <Row>
          <Progress done={0} total={10} label="nothing yet" />
          <Progress done={4} total={10} label="on the way" />
          <Progress done={10} total={10} label="done" />
        </Row>
      </Section>
      <Section title="Fields">
        <div className="grid grid-cols-3 gap-3 pt-2">
          <TextField label="Empty" hint="What goes in here" placeholder="A placeholder" />
          <TextField label="Wrong" error="A share lies between 0 and 100 %." defaultValue="120" />
          <ChoiceField label="One of several" options={named(['MACs'])} />
        </div>
      </Section>
      <Section title="Notices">
        <div className="grid gap-2 pt-2">
          <Notice>Something to know.</Notice>
          <Notice kind="error">Something went wrong. Nothing is lost; try again.</Notice>
        </div>
      </Section>
      <Section title="Table" aside="2 rows">
        <DataTable
          caption="A table"
          rows={ROWS}
          keyOf={({ name }) => name}
          columns={[
            { name: 'Name', cell: ({ name }) => name },
            { name: 'Top-1', right: true, cell: ({ top1 }) => top1 },
            { name: 'Tags', cell: ({ tags }) => <Tags tags={tags} /> },
          ]}
        />
        <Pager page={{ hasNextPage: true, endCursor: 'x' }} path="#" after="w" />
      </Section>
      <Section title="Facts">
        <FactsTable
          facts={[
            ['MACs removed', '50.02 %'],
            ['Unknown', '–'],
          ]}
        />
      </Section>
      <Empty title="Nothing here yet" action={<Button look="primary">The next step</Button>}>
        What will be here.
      </Empty>
    </div>
  );
}

function Row({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-4 pt-2">{children}</div>;
}
