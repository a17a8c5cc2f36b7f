'use client';

import { type ComponentProps, type FormEvent, useState } from 'react';
import { send } from '#src/graphql/browser.ts';
import { graphql } from '#src/graphql/graphql.ts';
import { useAction } from '#src/live/use-action.ts';
import { Button } from '#src/ui/button.tsx';
import { Dialog } from '#src/ui/dialog.tsx';
import { Field, Select, TextField } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';
import { numberOf, textOf } from './read-form.ts';

const addPublished = graphql(`
  mutation AddPublishedResult($input: PublishedResultInput!) {
    addPublishedResult(input: $input) { ok error { message fields } published { id } }
  }
`);

/** What goes into a field for a number. */
const NUMBER = { type: 'number', step: 'any', min: 0 };

/** A result from a publication for the team's own list; what its source does not say stays open. */
export function AddPublished({
  architectures,
  datasets,
}: {
  architectures: readonly string[];
  datasets: readonly string[];
}) {
  const action = useAction();
  const [open, setOpen] = useState(false);
  const [wrong, setWrong] = useState<{ readonly field: string; readonly message: string } | null>(null);

  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    const share = (name: string) => numberOf(text(name), 100);
    const unit = text('unit');
    const input = {
      ...{ architecture: text('architecture'), dataset: textOf(text('dataset')), method: text('method') },
      ...{ title: text('title'), authors: textOf(text('authors')), year: numberOf(text('year')) },
      ...{ venue: textOf(text('venue')), url: textOf(text('url')), doi: textOf(text('doi')) },
      ...{ baseTop1: share('baseTop1'), top1: share('top1') },
      ...{ savedMacs: share('savedMacs'), savedParams: share('savedParams') },
      ...{ accounting: textOf(text('accounting')), note: text('note') },
      unit: unit === 'mac' || unit === 'twoPerMac' ? unit : null,
    } as const;
    setWrong(null);
    const added = await action.run(async () => {
      const answer = (await send(addPublished, { input })).addPublishedResult;
      const [field] = answer.error?.fields ?? [];
      if (answer.error && field) setWrong({ field, message: answer.error.message });
      return answer;
    });
    if (added) setOpen(false);
  };
  const error = (name: string) => (wrong?.field === name ? wrong.message : undefined);
  const named = (name: string, label: string) => ({ name, label, error: error(name) });
  const input = (name: string, label: string, rest: ComponentProps<'input'> & { hint?: string } = {}) => (
    <TextField {...named(name, label)} {...rest} />
  );

  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        Add a result
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="A published result">
        <form onSubmit={add} className="grid gap-3">
          {input('method', 'Method', { required: true, hint: 'As the source calls it.' })}
          <div className="grid grid-cols-2 gap-3">
            <KnownField {...named('architecture', 'Architecture')} required known={architectures} />
            <KnownField {...named('dataset', 'Data set')} known={datasets} />
          </div>
          <div className="grid grid-cols-2 gap-3">
            {input('baseTop1', 'Base top-1, in %', NUMBER)}
            {input('top1', 'Top-1, in %', NUMBER)}
            {input('savedMacs', 'MACs removed, in %', NUMBER)}
            {input('savedParams', 'Params removed, in %', NUMBER)}
          </div>
          <Field
            label="One FLOP is there"
            hint="Shares are the same in both; costs are never converted."
            error={error('unit')}
          >
            {(field) => (
              <Select {...field} name="unit" defaultValue="">
                <option value="">not said</option>
                <option value="mac">a multiply-accumulate</option>
                <option value="twoPerMac">a multiplication or an addition: two a MAC</option>
              </Select>
            )}
          </Field>
          {input('accounting', 'What else must be known of how it counts')}
          {input('title', 'Title of the publication', { required: true })}
          {input('authors', 'Authors')}
          <div className="grid grid-cols-2 gap-3">
            {input('venue', 'Venue')}
            {input('year', 'Year', NUMBER)}
          </div>
          {input('url', 'Address', { hint: 'Where the numbers can be read: an address, a DOI or a venue.' })}
          {input('doi', 'DOI')}
          {input('note', 'Note', { hint: 'Which table, which figure.' })}
          {action.error && <Notice kind="error">{action.error}</Notice>}
          <Button type="submit" look="primary" disabled={action.pending} className="justify-self-end">
            Add the result
          </Button>
        </form>
      </Dialog>
    </>
  );
}

interface KnownProps extends ComponentProps<typeof TextField> {
  readonly name: string;
  /** Offered while one types. */
  readonly known: readonly string[];
}

function KnownField({ known, ...field }: KnownProps) {
  const list = `${field.name}-known`;
  return (
    <div>
      <TextField {...field} list={list} />
      <datalist id={list}>
        {known.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </div>
  );
}
