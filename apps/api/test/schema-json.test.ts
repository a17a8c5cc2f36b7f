import {
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';

/** JSON is what clients make up themselves, each with its reason; what the API knows has types. */
const TAKEN: Readonly<Record<string, string>> = {
  'CreateExperimentInput.recipe': 'a recipe, as its file has it',
  'CloneExperimentInput.recipe': 'a recipe, as its file has it',
  'StrategyInput.recovery': 'a recipe, as its file has it',
  'CloneRunInput.recovery': 'a recipe, as its file has it',
  'RegisterModelInput.preprocessing': 'a side file, as it is',
  'RegisterModelInput.readAs': 'flags of the command',
  'SetPreprocessingInput.preprocessing': 'a side file, as it is',
  'StartBenchmarkInput.sections': 'those of a benchmark file',
  'CreateSavedViewInput.state': 'is of the page that it is a view of',
  'UpdateSavedViewInput.state': 'is of the page that it is a view of',
};
const TOLD: Readonly<Record<string, string>> = {
  'Model.readAs': 'as the client gave it',
  'SavedView.state': 'as the client gave it',
};

/** Of arguments. */
const ASKED: Readonly<Record<string, string>> = {
  'Query.inputPreview(preprocessing:)': 'a side file, as it is',
};

/** Lists of one type of values each, which are not looked at one by one. */
const COLUMNS = [
  'EnumColumn',
  'FlagColumn',
  'ListColumn',
  'MetricColumn',
  'NumberColumn',
  'TextColumn',
  'TimeColumn',
];

it('has JSON only where it is what clients put in, and nothing like it under another name', async () => {
  const types = Object.values((await createSchema()).getTypeMap());
  const isJson = ({ type }: { readonly type: Parameters<typeof getNamedType>[0] }) =>
    /JSON/.test(getNamedType(type)?.name ?? '');
  const told = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).map((field) => ({ ...field, of: type.name }))
      : [],
  );
  const taken = types.flatMap((type) =>
    isInputObjectType(type)
      ? Object.values(type.getFields()).map((field) => ({ ...field, of: type.name }))
      : [],
  );
  const named = (fields: readonly { readonly of: string; readonly name: string }[]) =>
    fields.map(({ of, name }) => `${of}.${name}`).sort();
  expect(named(told.filter(isJson))).toEqual(Object.keys(TOLD).sort());
  expect(named(taken.filter(isJson))).toEqual(Object.keys(TAKEN).sort());
  const asked = told.flatMap(({ of, name, args }) =>
    args.filter(isJson).map((arg) => `${of}.${name}(${arg.name}:)`),
  );
  expect(asked).toEqual(Object.keys(ASKED));
  const scalars = types.filter((type) => isScalarType(type) && !isSpecifiedScalarType(type));
  expect(scalars.map(({ name }) => name).sort()).toEqual(
    [...COLUMNS, 'Alignment', 'BigInt', 'DateTimeISO', 'JSON', 'JSONObject', 'QualityMetricName'].sort(),
  );
});
