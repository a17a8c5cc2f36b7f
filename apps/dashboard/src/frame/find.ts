import { graphql, type ResultOf } from '#src/graphql/graphql.ts';
import { PLACES } from './places.ts';

export const findQuery = graphql(`
  query Find($text: String!) {
    experiments(first: 5, filter: { text: $text }) { nodes { id name model { name } } }
    models(first: 5, filter: { text: $text }) { nodes { id name } }
    datasets(first: 5, filter: { text: $text }) { nodes { id name } }
  }
`);

export interface Found {
  readonly kind: string;
  readonly name: string;
  readonly note: string;
  readonly href: string;
}

/** Pages and what can be done, by a part of their names. */
export function placesLike(text: string): Found[] {
  const wanted = text.trim().toLowerCase();
  const all = [
    ...PLACES.map(({ name, what, href }) => ({ kind: 'Page', name, note: what, href })),
    ...ACTIONS.map(({ name, href }) => ({ kind: 'Action', name, note: '', href })),
  ];
  return all.filter(({ name }) => name.toLowerCase().includes(wanted));
}

/** What is done elsewhere than where one is. */
const ACTIONS = [
  { name: 'New experiment', href: '/experiments/new' },
  { name: 'Add a model', href: '/models' },
  { name: 'Add a data set', href: '/datasets' },
  { name: 'Open the trash', href: '/trash' },
  { name: 'Change the password', href: '/account' },
] as const;

/** Experiments, models and data sets with that in their name or notes, a run by its id, and the way to all such runs. */
export function found({ experiments, models, datasets }: ResultOf<typeof findQuery>, text: string): Found[] {
  return [
    ...experiments.nodes.map(({ id, name, model }) => ({
      kind: 'Experiment',
      name,
      note: model.name,
      href: `/experiments/${id}`,
    })),
    ...models.nodes.map(({ id, name }) => ({ kind: 'Model', name, note: '', href: `/models/${id}` })),
    ...datasets.nodes.map(({ id, name }) => ({ kind: 'Data set', name, note: '', href: `/datasets/${id}` })),
    ...(/^run_\w+$/.test(text) ? [{ kind: 'Run', name: text, note: '', href: `/runs/${text}` }] : []),
    {
      kind: 'Runs',
      name: `Runs with “${text}”`,
      note: '',
      href: `/runs?${new URLSearchParams({ q: text })}`,
    },
  ];
}
