import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getNullableType,
  getOperationAST,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import { graphQLError } from '../errors.ts';
import { sentVariables } from './variables.ts';

/** Objects that one answer may have. */
export const MOST_OBJECTS = 20_000;
/** And one event of a stream: there are many of them. */
export const MOST_IN_EVENT = 500;

/** Of a page, and of a list that says nothing of its length. */
const USUAL_FIRST = 20;
const USUAL_LENGTH = 10;

/** Before anything is read: what an operation may answer by the lengths of its pages; null if it is not too much. */
export function tooLarge(
  schema: GraphQLSchema,
  document: DocumentNode,
  { variables, operationName }: { readonly variables?: unknown; readonly operationName?: unknown },
  most: number,
): GraphQLError | null {
  const count = objectsOf(schema, document, variables, operationName);
  if (count <= most) return null;
  return graphQLError(
    'BAD_USER_INPUT',
    `the answer may have ${count} objects, and at most ${most} are allowed: ask for shorter pages (first), or for less at once`,
  );
}

/** Objects of an answer: those of a list in a list are as many as both lengths multiplied. Scalars are free. */
function objectsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  given: unknown,
  operationName: unknown,
): number {
  const operation = getOperationAST(document, typeof operationName === 'string' ? operationName : null);
  const root = operation && schema.getRootType(operation.operation);
  if (!root) return 0;
  // As they were sent: a thousand points of a sampling are made into values once, by whoever carries the operation out,
  // who also says what is wrong with them.
  const variables = sentVariables(document, given);
  const mutations = schema.getMutationType();
  const fragments = new Map<string, FragmentDefinitionNode>(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  // Each is counted once, however often it is spread; one that goes round is nothing within itself.
  const counted = new Map<string, number>();

  function spread(name: string, usual: number): number {
    const place = `${name} ${usual}`;
    const known = counted.get(place);
    if (known !== undefined) return known;
    counted.set(place, 0);
    const fragment = fragments.get(name);
    const type = fragment && typeFromAST(schema, fragment.typeCondition);
    const count = isCompositeType(type) && fragment ? within(fragment.selectionSet, type, usual) : 0;
    counted.set(place, count);
    return count;
  }

  /** @param usual of a list that says nothing of its length */
  function within({ selections }: SelectionSetNode, type: GraphQLCompositeType, usual: number): number {
    let count = 0;
    for (const one of selections) {
      if (one.kind === Kind.FRAGMENT_SPREAD) count += spread(one.name.value, usual);
      else if (one.kind === Kind.FIELD) count += field(one, type, usual);
      else {
        const inner = one.typeCondition ? typeFromAST(schema, one.typeCondition) : type;
        if (isCompositeType(inner)) count += within(one.selectionSet, inner, usual);
      }
    }
    return count;
  }

  function field(node: FieldNode, parent: GraphQLCompositeType, usual: number): number {
    const definition = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
    const type = definition && getNamedType(definition.type);
    // What the schema is, is known and small.
    if (!definition || !isCompositeType(type) || !node.selectionSet || type.name === 'PageInfo') return 0;
    const given = argumentsOf(definition, node, variables);
    // What a mutation answers of what it was given is as long as that.
    const inner = within(node.selectionSet, type, parent === mutations ? longest(given) : USUAL_LENGTH);
    // As many as their connection counts.
    if (isConnection(parent)) return 1 + inner;
    const length = lengthOf(definition, given, usual);
    return isConnection(type) ? 1 + length * inner : length * (1 + inner);
  }

  return within(operation.selectionSet, root, USUAL_LENGTH);
}

/** Empty where one is missing that has to be there. */
function argumentsOf(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  variables: Record<string, unknown>,
): Record<string, unknown> {
  try {
    return getArgumentValues(definition, node, variables);
  } catch {
    return {};
  }
}

function lengthOf(
  { args, type }: GraphQLField<unknown, unknown>,
  given: Record<string, unknown>,
  usual: number,
): number {
  if (args.some(({ name }) => name === 'first')) {
    return Math.max(1, Number(given.first ?? given.last ?? USUAL_FIRST) || 0);
  }
  if (!isListType(getNullableType(type))) return 1;
  const ids = Object.values(given).find(Array.isArray);
  return ids ? Math.max(1, ids.length) : usual;
}

/** Of the lists in a mutation's input. */
function longest({ input }: Record<string, unknown>): number {
  const lists = Object.values(input ?? {}).filter(Array.isArray);
  return Math.max(USUAL_LENGTH, ...lists.map(({ length }) => length));
}

const isConnection = ({ name }: { readonly name: string }) => name.endsWith('Connection');
