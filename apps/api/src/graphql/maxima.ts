import {
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { sentVariables } from './variables.ts';

/** What is told of a value that nothing of ours takes, and where in the input it is. */
export interface BadValue {
  readonly path: string;
  readonly problem: string;
}

/** The most that is taken in one place of an input. */
export interface Most {
  /** Values of a list; within JSON also keys of an object. */
  readonly list: number;
  /** Characters of a text. */
  readonly text: number;
}

/** What is not named below. */
const USUAL: Most = { list: 1000, text: 5000 };

/** By schema coordinates. Within JSON they hold of each list and of each text. */
const MAXIMA: Readonly<Record<string, Partial<Most>>> = {
  'SetNotesInput.notes': { text: 20_000 },
  'UpdateExperimentInput.notes': { text: 20_000 },
  'CreateProjectInput.description': { text: 20_000 },
  // A thousand ratios.
  'CreateExperimentInput.grid': { text: 20_000 },
  'CloneExperimentInput.grid': { text: 20_000 },
  'StartBenchmarkInput.grid': { text: 20_000 },
  // As many classes as a data set may have.
  'RegisterDatasetManifestInput.classes': { list: 10_000 },
  // The widest layers, and as many images as ImageNet has.
  'GroupOrderInput.units': { list: 16_384 },
  'KeptUnitsInput.kept': { list: 16_384 },
  'SamplePointInput.hits': { text: 200_000 },
  'EvaluationInput.hits': { text: 200_000 },
  // Names of classes: ImageNet-21k has 21,841.
  'RegisterModelInput.preprocessing': { list: 45_000 },
  'SetPreprocessingInput.preprocessing': { list: 45_000 },
  'Query.inputPreview(preprocessing:)': { list: 45_000 },
};

const FULL = new Map(Object.entries(MAXIMA).map(([place, most]) => [place, { ...USUAL, ...most }]));

export function mostOf(coordinate: string): Most {
  return FULL.get(coordinate) ?? USUAL;
}

/** Tells of maxima that are not the usual ones where people look them up. */
export function describeMaxima(schema: GraphQLSchema): void {
  for (const [coordinate, { list, text }] of Object.entries(MAXIMA)) {
    const place = placeAt(schema, coordinate);
    const most = list === undefined ? `${text} characters` : `${list} values`;
    place.description = [place.description, `At most ${most}.`].filter(Boolean).join(' ');
  }
}

function placeAt(schema: GraphQLSchema, coordinate: string): GraphQLArgument | GraphQLInputField {
  const [, name = '', field = '', argument] = /^(\w+)\.(\w+)(?:\((\w+):\))?$/.exec(coordinate) ?? [];
  const type = schema.getType(name);
  const place = isInputObjectType(type)
    ? type.getFields()[field]
    : isObjectType(type) && type.getFields()[field]?.args.find((one) => one.name === argument);
  if (!place) throw new Error(`${coordinate} is not in the schema`);
  return place;
}

/** The first list or text of an operation's arguments that is longer than what is taken there; null for none. */
export function tooMuch(schema: GraphQLSchema, document: DocumentNode, given: unknown): BadValue | null {
  const variables = sentVariables(document, given);
  const types = new TypeInfo(schema);
  let found: BadValue | null = null;
  const look = visitWithTypeInfo(types, {
    Argument({ value, name }) {
      const [argument, parent, field] = [types.getArgument(), types.getParentType(), types.getFieldDef()];
      if (found || !argument || !parent || !field) return false;
      const coordinate = `${parent.name}.${field.name}(${name.value}:)`;
      found = beyond(valueFromASTUntyped(value, variables), argument.type, coordinate, name.value);
      return false;
    },
  });
  visit(document, look);
  return found;
}

/** Of one value: what `type` does not know is looked at as JSON. */
export function beyond(
  value: unknown,
  type: GraphQLInputType | null,
  coordinate: string,
  path: string,
): BadValue | null {
  const { list, text } = mostOf(coordinate);
  if (typeof value === 'string') return longer(value.length, text, 'characters', path);
  if (typeof value !== 'object' || value === null) return null;
  const plain = type && getNullableType(type);
  if (isInputObjectType(plain)) {
    const empty = emptyRange(value);
    if (empty) return { path, problem: empty };
    return first(Object.entries(value), ([name, inner]) => {
      const field = plain.getFields()[name];
      return field ? beyond(inner, field.type, `${plain.name}.${name}`, `${path}.${name}`) : null;
    });
  }
  const inner = isListType(plain) ? plain.ofType : null;
  const entries = Object.entries(value);
  return (
    longer(entries.length, list, 'values', path) ??
    first(entries, ([key, one]) => {
      return longer(key.length, text, 'characters', path) ?? beyond(one, inner, coordinate, `${path}.${key}`);
    })
  );
}

/** A range that nothing is in is a mistake. Null for any other. */
function emptyRange(value: object): string | null {
  const { min, max, from, to } = value as Readonly<Record<string, unknown>>;
  if (typeof min === 'number' && typeof max === 'number' && min > max) {
    return `has min ${min} above max ${max}`;
  }
  if (typeof from === 'string' && typeof to === 'string' && Date.parse(from) >= Date.parse(to)) {
    return `goes from ${from} to ${to}, which is not after it`;
  }
  return null;
}

function longer(length: number, most: number, of: string, path: string): BadValue | null {
  return length > most ? { path, problem: `has ${length} ${of}: at most ${most} are accepted` } : null;
}

function first<T>(values: readonly T[], look: (value: T) => BadValue | null): BadValue | null {
  for (const value of values) {
    const found = look(value);
    if (found) return found;
  }
  return null;
}
