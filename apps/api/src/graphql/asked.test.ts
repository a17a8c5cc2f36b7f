import { type FieldNode, type FragmentDefinitionNode, Kind, parse } from 'graphql';
import { expect, it } from 'vitest';
import { askedBelow } from './asked.ts';

const DOCUMENT = parse(`query ($yes: Boolean!, $no: Boolean!) { root {
  plain alias: renamed
  given @include(if: $yes) { inGiven } left @include(if: $no) { inLeft }
  kept @skip(if: $no) skipped @skip(if: $yes) both @include(if: $yes) @skip(if: $yes)
  ...Left @include(if: $no) ...Once @include(if: $no) ...Once
  ... on Root @include(if: $no) { inline } ... on Root { always ...Once }
} }
fragment Left on Root { inLeftFragment } fragment Once on Root { once deep { ...Deep } } fragment Deep on Root { deeper }`);

it('names what is asked for below a field, without what directives leave out', () => {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  let root: FieldNode | undefined;
  for (const definition of DOCUMENT.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      const [first] = definition.selectionSet.selections;
      if (first?.kind === Kind.FIELD) root = first;
    }
  }
  const asked = askedBelow({
    fieldNodes: root ? [root] : [],
    fragments,
    variableValues: { yes: true, no: false },
  });
  expect([...asked].sort()).toEqual(
    ['root', 'plain', 'renamed', 'given', 'inGiven', 'kept', 'once', 'deep', 'deeper', 'always'].sort(),
  );
});
