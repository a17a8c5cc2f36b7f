import { ArgsType, type ClassType, Field } from 'type-graphql';
import { PageArgs } from '../graphql/connection.ts';

/** What a list is asked by. */
export interface Listing<F, O> extends PageArgs {
  filter?: F | null;
  order?: O | null;
}

/** `first`, `after`, `last`, `before`, `filter` and `order`. */
export function listArgs<F extends object, O extends object>(
  Filter: ClassType<F>,
  { OrderInput, told }: { readonly OrderInput: ClassType<O>; readonly told: string },
): ClassType<Listing<F, O>> {
  @ArgsType()
  class ListArgs extends PageArgs implements Listing<F, O> {
    @Field(() => Filter, { nullable: true })
    filter?: F | null;

    @Field(() => OrderInput, { nullable: true, description: `Default: ${told}.` })
    order?: O | null;
  }
  return ListArgs;
}
