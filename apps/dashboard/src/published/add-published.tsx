'use client';

import type { ComponentProps } from 'react';
import { graphql } from '#src/graphql/graphql.ts';
import { errorsAt } from '#src/live/refusal.ts';
import { useAction } from '#src/live/use-action.ts';
import { ChoiceField, TextField } from '#src/ui/field.tsx';
import { FormDialog } from '#src/ui/form.tsx';
import { numberOf, textOf } from './read-form.ts';

const addPublished = graphql(`
  mutation AddPublishedResult($input: AddPublishedResultInput!) {
    addPublishedResult(input: $input) { ok errors { message path } publishedResult { id } }
  }
`);

/** What goes into a field for a number. */
const NUMBER = { type: 'number', step: 'any', min: 0 };

const UNITS = [
  { id: '', name: 'not said' },
  { id: 'MAC', name: 'a multiply-accumulate' },
  { id: 'TWO_PER_MAC', name: 'a multiplication or an addition: two a MAC' },
] as const;

/** A result from a publication for the team's own list; what its source does not say stays open. */
export function AddPublished({
  architectures,
  datasets,
}: {
  architectures: readonly string[];
  datasets: readonly string[];
}) {
  const action = useAction();
  const add = async (form: FormData) => {
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
      unit: unit === 'MAC' || unit === 'TWO_PER_MAC' ? unit : null,
    } as const;
    return (await action.mutate(addPublished, { input })) !== null;
  };
  const named = (name: string, label: string) => ({
    ...{ name, label },
    error: errorsAt(action.refusals, [name])(name),
  });
  const input = (name: string, label: string, rest: Partial<ComponentProps<typeof TextField>> = {}) => (
    <TextField {...named(name, label)} {...rest} />
  );

  return (
    <FormDialog
      button="Add a result"
      look="primary"
      title="A published result"
      onSend={add}
      submit="Add the result"
      disabled={action.pending}
      error={action.error}
    >
      {input('method', 'Method', { required: true, hint: 'As the source calls it.' })}
      <div className="grid grid-cols-2 gap-3">
        {input('architecture', 'Architecture', { required: true, known: architectures })}
        {input('dataset', 'Data set', { known: datasets })}
      </div>
      <div className="grid grid-cols-2 gap-3">
        {input('baseTop1', 'Base top-1, in %', NUMBER)}
        {input('top1', 'Top-1, in %', NUMBER)}
        {input('savedMacs', 'MACs removed, in %', NUMBER)}
        {input('savedParams', 'Params removed, in %', NUMBER)}
      </div>
      <ChoiceField
        {...named('unit', 'One FLOP is there')}
        hint="Shares are the same in both; costs are never converted."
        options={UNITS}
      />
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
    </FormDialog>
  );
}
