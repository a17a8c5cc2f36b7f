// type-graphql wants this before the first decorator.
import 'reflect-metadata';
import { ArgsType, type ClassType, Field, ID, Int, ObjectType, Root } from 'type-graphql';
import { graphQLError } from '../errors.ts';

const MOST = 100;

@ObjectType('PageInfo', { description: 'Where a page ends, and whether more follow.' })
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true, description: 'For `after`, to read on.' })
  endCursor!: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 20, description: `How many, at most ${MOST}.` })
  first!: number;

  @Field(() => ID, { nullable: true, description: 'The `endCursor` of the page before.' })
  after?: string | null;
}

export interface Connection<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  readonly count: () => Promise<number>;
}

/** A page of `node`s: `XConnection { nodes, pageInfo, totalCount }`. */
export function connectionType<T extends object>(name: string, node: () => ClassType<T>) {
  @ObjectType(`${name}Connection`, {
    description: `A page of ${name} objects, newest first where no other order is asked for.`,
  })
  class ConnectionType {
    @Field(() => [node()])
    nodes!: T[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'Of all pages; costs a statement of its own.' })
    totalCount(@Root() connection: Connection<T>): Promise<number> {
      return connection.count();
    }
  }
  return ConnectionType;
}

/** @throws {GraphQLError} BAD_USER_INPUT for a page that is too long, or empty */
export function checkedFirst(first: number): void {
  if (first < 1 || first > MOST) {
    throw graphQLError('BAD_USER_INPUT', `first is from 1 to ${MOST}, not ${first}`);
  }
}

/** Ids rise with time, so the id of the last row is the cursor. */
export async function page<T extends { readonly id: string }>(
  { first, after }: PageArgs,
  find: (query: { take: number; where: { id?: { lt: string } }; orderBy: { id: 'desc' } }) => Promise<T[]>,
  count: () => Promise<number>,
): Promise<Connection<T>> {
  checkedFirst(first);
  const rows = await find({
    take: first + 1,
    where: after ? { id: { lt: after } } : {},
    orderBy: { id: 'desc' },
  });
  const nodes = rows.slice(0, first);
  return {
    nodes,
    pageInfo: { hasNextPage: rows.length > first, endCursor: nodes.at(-1)?.id ?? null },
    count,
  };
}

/** A page of what is found already, by ids in their order. Those that are not there any more are left out. */
export async function pageOfIds<T extends object>(
  { first, after }: PageArgs,
  ids: readonly string[],
  load: (ids: readonly string[]) => Promise<T[]>,
): Promise<Connection<T>> {
  checkedFirst(first);
  const start = after ? ids.indexOf(after) + 1 : 0;
  if (after && start === 0) throw graphQLError('BAD_USER_INPUT', 'after is no endCursor of this list');
  const shown = ids.slice(start, start + first);
  return {
    nodes: await load(shown),
    pageInfo: { hasNextPage: start + first < ids.length, endCursor: shown.at(-1) ?? null },
    count: async () => ids.length,
  };
}
