import {
  type GraphQLArgument,
  type GraphQLFieldConfig,
  GraphQLInputObjectType,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  getNullableType,
  isInputObjectType,
} from 'graphql';
import type { Context } from './context.ts';
import type { Payload } from './payload.ts';
import { underKey } from './under-key.ts';

const KEY =
  'Makes it safe to send again: for 24 hours a mutation with the same key is carried out once and returns the same answer. Part of the answer. At most 200 characters.';

type Given = Readonly<Record<string, unknown>>;

/**
 * Every mutation takes one argument, `input: <Mutation>Input!`, which has what its method takes as fields; those of an
 * argument that is called `input` itself are fields of it, too. So each is checked and named in one place only.
 */
export function takeInputs(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const mutation = config.mutation?.toConfig();
  if (!mutation) throw new Error('the schema has no mutations');
  const fields = Object.entries(mutation.fields).map(([name, field]) => [name, takesInput(name, field)]);
  return new GraphQLSchema({
    ...config,
    mutation: new GraphQLObjectType({ ...mutation, fields: Object.fromEntries(fields) }),
    // Inputs are found by what takes them.
    types: config.types.filter((type) => type.name !== mutation.name && !isInputObjectType(type)),
  });
}

function takesInput(name: string, field: GraphQLFieldConfig<unknown, Context>): typeof field {
  const { resolve } = field;
  if (!resolve) throw new Error(`${name} does nothing`);
  const declared = Object.entries(field.args ?? {});
  const input = new GraphQLInputObjectType({
    name: `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`,
    fields: {
      ...Object.fromEntries(
        declared.flatMap(([of, arg]) => Object.entries(folded(of, arg) ?? { [of]: arg })),
      ),
      clientMutationId: { type: GraphQLString, description: KEY },
    },
  });
  return {
    ...field,
    args: { input: { type: new GraphQLNonNull(input) } },
    resolve: async (source, { input: given }: { input: Given }, context, info) => {
      const args = declared.map(([of, arg]) => {
        const inner = folded(of, arg);
        return inner ? { [of]: pick(given, Object.keys(inner)) } : pick(given, [of]);
      });
      const work = async () => (await resolve(source, Object.assign({}, ...args), context, info)) as Payload;
      const { clientMutationId: key, ...of } = given;
      const payload =
        typeof key === 'string'
          ? await underKey(context, { mutation: name, key, input: of }, work)
          : await work();
      const errors = payload.errors.map(({ path, ...error }) => ({ ...error, path: within(input, path) }));
      return { ...payload, errors, clientMutationId: key };
    },
  };
}

/** A path that leads to nothing in this input is of all of it: what refuses serves several mutations. */
function within(input: GraphQLInputObjectType, path: readonly string[]): readonly string[] {
  return path[0] !== undefined && path[0] in input.getFields() ? path : [];
}

/** The fields of an argument that is the input itself; null for another argument. */
function folded(name: string, { type }: Pick<GraphQLArgument, 'type'>) {
  const plain = getNullableType(type);
  return name === 'input' && isInputObjectType(plain) ? plain.toConfig().fields : null;
}

function pick(given: Given, names: readonly string[]): Given {
  return Object.fromEntries(names.filter((name) => name in given).map((name) => [name, given[name]]));
}
