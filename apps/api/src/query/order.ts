import { Field, InputType } from 'type-graphql';
import { enumType } from '../graphql/enums.ts';
import { DirectionEnum } from './inputs.ts';
import type { Direction, Sorting, SortKey } from './sorting.ts';

/**
 * The input `<what>Order` of a list, with the enum of its keys, and the sorting that it means: without one the newest
 * come first.
 *
 * @param things in the plural, for the description
 * @param more keys beside `created`
 */
export function orderInput<Key extends string>(
  what: string,
  things: string,
  more: Readonly<Record<Key, SortKey>>,
) {
  type By = Key | 'created';
  const keys: Readonly<Record<By, SortKey>> = { ...more, created: { value: null, type: 'text' } };
  const ByEnum = enumType(`${what}OrderBy`, Object.keys(keys), `What ${things} are ordered by.`);

  @InputType(`${what}Order`)
  class OrderInput {
    @Field(() => ByEnum, { defaultValue: 'created' })
    by!: By;

    @Field(() => DirectionEnum, { defaultValue: 'desc' })
    direction!: Direction;
  }

  const sorting = (order: OrderInput | null | undefined): Sorting => {
    const { by, direction } = order ?? { by: 'created', direction: 'desc' };
    return { ...keys[by], name: `${what}.${by}`, direction };
  };
  return { OrderInput, sorting };
}
