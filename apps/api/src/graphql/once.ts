import {
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Taken place by place: ids of an answer, names of classes in the order of their labels. */
const BY_PLACE = ['Query.nodes', 'Mutation.registerDatasetManifest'];

/** Lists of inputs are sets, everywhere: what is in one twice is taken once, where it stands first. */
export function takeOnce(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve, args: declared } = field;
      if (!resolve || declared.length === 0 || BY_PLACE.includes(`${type.name}.${field.name}`)) continue;
      field.resolve = (source, args, context, info) => {
        const once = declared.map(({ name, type: of }) => [name, onceIn(args[name], of)] as const);
        const given = once.filter(([, value]) => value !== undefined);
        return resolve(source, Object.fromEntries(given), context, info);
      };
    }
  }
}

/** JSON has no word for integers beyond 2^53. */
function withLarge(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

function onceIn(value: unknown, type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return onceIn(value, type.ofType);
  if (typeof value !== 'object' || value === null) return value;
  if (isListType(type) && Array.isArray(value)) {
    const inner = value.map((one) => onceIn(one, type.ofType));
    return [...new Map(inner.map((one) => [JSON.stringify(one, withLarge), one])).values()];
  }
  if (!isInputObjectType(type)) return value;
  const fields = type.getFields();
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const field = fields[name];
      return [name, field ? onceIn(one, field.type) : one];
    }),
  );
}
