// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { ArgsType, type ClassType, Field, Int, InterfaceType, ObjectType, Root } from 'type-graphql';
import { graphQLError } from '../errors.ts';

const USUAL = 20;
const MOST = 100;

/** A page. What is a function may take a separate statement, and is called where it is asked for. */
export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: () => boolean | Promise<boolean>;
  readonly hasPreviousPage: () => boolean | Promise<boolean>;
  readonly count: () => Promise<number>;
}

@ObjectType('PageInfo', { description: 'Where a page begins and ends, and whether there is more around it.' })
class PageInfo {
  @Field(() => String, {
    nullable: true,
    description: 'For `before`, to read backwards from here; null for an empty page.',
  })
  startCursor(@Root() { edges }: Connection<unknown>): string | null {
    return edges[0]?.cursor ?? null;
  }

  @Field(() => String, { nullable: true, description: 'For `after`, to read on; null for an empty page.' })
  endCursor(@Root() { edges }: Connection<unknown>): string | null {
    return edges.at(-1)?.cursor ?? null;
  }

  @Field(() => Boolean, { description: 'Whether there are more items after this page.' })
  hasNextPage(@Root() connection: Connection<unknown>): boolean | Promise<boolean> {
    return connection.hasNextPage();
  }

  @Field(() => Boolean, { description: 'Whether the list has something before this page.' })
  hasPreviousPage(@Root() connection: Connection<unknown>): boolean | Promise<boolean> {
    return connection.hasPreviousPage();
  }
}

@InterfaceType('Connection', { description: 'A page of a list.' })
abstract class ConnectionInterface {
  @Field(() => PageInfo)
  pageInfo(@Root() connection: Connection<unknown>): unknown {
    return connection;
  }

  @Field(() => Int, { description: 'Number of items on all pages; costs a separate query.' })
  totalCount(@Root() connection: Connection<unknown>): Promise<number> {
    return connection.count();
  }
}

@InterfaceType('Edge', { description: 'A place of a list.' })
abstract class EdgeInterface {
  @Field(() => String, { description: 'For `after` and `before`.' })
  cursor!: string;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `Number of nodes from the beginning, at most ${MOST}. Without first and last: ${USUAL}.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only nodes after this cursor.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `Number of nodes from the end, at most ${MOST}, in the same order.`,
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only nodes before this cursor.' })
  before?: string | null;
}

/** A page of `node`s: `XConnection { edges { cursor node } nodes pageInfo totalCount }`. */
export function connectionType<T extends object>(name: string, node: () => ClassType<T>) {
  @ObjectType(`${name}Edge`, {
    implements: EdgeInterface,
    description: `A place in a list of ${name} objects.`,
  })
  class EdgeType extends EdgeInterface {
    @Field(() => node())
    node!: T;
  }

  @ObjectType(`${name}Connection`, {
    implements: ConnectionInterface,
    description: `A page of ${name} objects.`,
  })
  class ConnectionType extends ConnectionInterface {
    @Field(() => [EdgeType])
    edges!: EdgeType[];

    @Field(() => [node()], { description: 'The nodes of the edges.' })
    nodes(@Root() { edges }: Connection<T>): T[] {
      return edges.map((edge) => edge.node);
    }
  }
  return ConnectionType;
}

/**
 * How many rows per page takes, and from which end.
 *
 * @throws {GraphQLError} BAD_USER_INPUT for a page that is too long or empty, or for both ends
 */
export function sizeOf({ first = null, last = null }: PageArgs): { take: number; backwards: boolean } {
  if (first !== null && last !== null) {
    throw graphQLError('BAD_USER_INPUT', 'give either first or last', ['first', 'last']);
  }
  const [name, take] = last === null ? (['first', first ?? USUAL] as const) : (['last', last] as const);
  if (take < 1 || take > MOST) {
    throw graphQLError('BAD_USER_INPUT', `${name} is from 1 to ${MOST}, not ${take}`, [name]);
  }
  return { take, backwards: last !== null };
}
