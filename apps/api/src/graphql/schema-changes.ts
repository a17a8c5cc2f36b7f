import {
  buildASTSchema,
  buildSchema,
  type DocumentNode,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  parse,
  visit,
} from 'graphql';

/** What a schema does to clients of the one before. Each change is a line that names its place. */
export interface SchemaChanges {
  /** Requests that were answered fail, or mean something else. */
  readonly breaking: readonly string[];
  /** Requests are answered, but a client may meet what it does not expect. */
  readonly dangerous: readonly string[];
  /** Places that there were not, by their schema coordinates. */
  readonly added: readonly string[];
  /** Places that will go with the release after. */
  readonly deprecated: readonly string[];
}

/** @param released the text of the last release's schema: what it marks `@deprecated` may be used now */
export function schemaChanges(released: string, schema: GraphQLSchema): SchemaChanges {
  const before = buildSchema(released);
  const promised = buildASTSchema(withoutDeprecated(parse(released)));
  const places = placesOf(before);
  return {
    breaking: findBreakingChanges(promised, schema).map(({ description }) => description),
    dangerous: findDangerousChanges(before, schema).map(({ description }) => description),
    added: [...placesOf(schema).keys()].filter((place) => !places.has(place)),
    deprecated: [...placesOf(schema)]
      .filter(([place, deprecated]) => deprecated && !places.get(place))
      .map(([place]) => place),
  };
}

function withoutDeprecated(document: DocumentNode): DocumentNode {
  const unlessDeprecated = (node: {
    readonly directives?: readonly { readonly name: { value: string } }[];
  }) => (node.directives?.some(({ name }) => name.value === 'deprecated') ? null : undefined);
  return visit(document, {
    [Kind.FIELD_DEFINITION]: unlessDeprecated,
    [Kind.INPUT_VALUE_DEFINITION]: unlessDeprecated,
    [Kind.ENUM_VALUE_DEFINITION]: unlessDeprecated,
  });
}

/** `Type`, `Type.field`, `Type.field(argument:)`, and whether they are deprecated. */
function placesOf(schema: GraphQLSchema): Map<string, boolean> {
  const places = new Map<string, boolean>();
  const add = (place: string, { deprecationReason }: { deprecationReason?: string | null | undefined }) =>
    places.set(place, Boolean(deprecationReason));
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
    places.set(type.name, false);
    if (isEnumType(type)) for (const value of type.getValues()) add(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) add(`${type.name}.${field.name}`, field);
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      add(`${type.name}.${field.name}`, field);
      for (const argument of field.args) add(`${type.name}.${field.name}(${argument.name}:)`, argument);
    }
  }
  return places;
}

const HEADS: Readonly<Record<keyof SchemaChanges, string>> = {
  breaking: 'Gone, or different',
  deprecated: 'Deprecated: goes with the release after',
  dangerous: 'Take care',
  added: 'New',
};

/** A section of the schema's changelog: Markdown; empty where nothing changed. */
export function changesText(changes: SchemaChanges): string {
  return (Object.keys(HEADS) as (keyof SchemaChanges)[])
    .filter((kind) => changes[kind].length > 0)
    .map(
      (kind) => `### ${HEADS[kind]}\n\n${changes[kind].map((line) => `- ${asCode(kind, line)}\n`).join('')}`,
    )
    .join('\n');
}

function asCode(kind: keyof SchemaChanges, line: string): string {
  return kind === 'added' || kind === 'deprecated' ? `\`${line}\`` : line;
}
