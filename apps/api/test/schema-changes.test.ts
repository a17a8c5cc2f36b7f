import { readFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { changesText, schemaChanges } from '../src/graphql/schema-changes.ts';

it('nothing breaks what the last release promised: deprecate it, and let it go a release later', async () => {
  const released = await readFile(new URL('../schema.released.graphql', import.meta.url), 'utf8');
  expect(schemaChanges(released, await createSchema()).breaking).toEqual([]);
});

describe('changes of a schema', () => {
  const released = `
    enum State { OPEN CLOSED }
    input Filter { state: State old: String @deprecated(reason: "state") }
    type Run { id: ID! state: State! runId: ID @deprecated(reason: "id") share: Float! }
    type Query { run(id: ID!): Run runs(filter: Filter): [Run!]! }`;
  const now = (change: (text: string) => string) => schemaChanges(released, buildSchema(change(released)));

  it('none where nothing changed', () => {
    expect(now((text) => text)).toEqual({ breaking: [], dangerous: [], added: [], deprecated: [] });
  });

  it.each([
    ['share: Float!', '', 'Run.share was removed.'],
    ['share: Float!', 'share: Float', 'Run.share changed type from Float! to Float.'],
    ['share: Float!', 'share: Int!', 'Run.share changed type from Float! to Int!.'],
    ['OPEN CLOSED', 'OPEN', 'CLOSED was removed from enum type State.'],
    [
      'runs(filter: Filter)',
      'runs(filter: Filter!)',
      'Query.runs arg filter has changed type from Filter to Filter!.',
    ],
    ['run(id: ID!)', 'run(id: ID!, team: ID!)', 'A required arg team on Query.run was added.'],
    ['input Filter {', 'input Filter { must: Int!', 'A required field must on input type Filter was added.'],
    ['runs(filter: Filter): [Run!]!', '', 'Query.runs was removed.'],
  ])('%j -> %j is named', (from, to, line) => {
    expect(now((text) => text.replace(from, to)).breaking).toContain(line);
  });

  it('what the release before had deprecated may go', () => {
    const gone = now((text) => text.replace(/ (runId|old): \w+ @deprecated\(reason: "\w+"\)/g, ''));
    expect(gone.breaking).toEqual([]);
  });

  it('additions and deprecations are told, and written down', () => {
    const changes = now((text) =>
      text
        .replace('OPEN CLOSED', 'OPEN CLOSED LOST')
        .replace('share: Float!', 'share: Float! @deprecated(reason: "ratio") ratio(of: State): Float'),
    );
    expect(changes).toEqual({
      breaking: [],
      dangerous: ['LOST was added to enum type State.'],
      added: ['State.LOST', 'Run.ratio', 'Run.ratio(of:)'],
      deprecated: ['Run.share'],
    });
    expect(changesText(changes)).toBe(
      [
        '### Deprecated: goes with the release after',
        '',
        '- `Run.share`',
        '',
        '### Take care',
        '',
        '- LOST was added to enum type State.',
        '',
        '### New',
        '',
        '- `State.LOST`',
        '- `Run.ratio`',
        '- `Run.ratio(of:)`',
        '',
      ].join('\n'),
    );
  });
});
