import { Field, InputType } from 'type-graphql';
import { enumType } from '../graphql/enums.ts';
import { DirectionEnum } from './inputs.ts';
import type { Direction, Sorting, SortKey } from './sorting.ts';

/** What a list is ordered by where nothing is said. */
interface Usual<Key> {
  readonly by: Key;
  readonly direction: Direction;
  /** In words: "Newest first". */
  readonly told: string;
}

export const CREATED = { created: { value: null, type: 'text' } } as const satisfies Record<string, SortKey>;
const NEWEST = { by: 'created', direction: 'desc', told: 'Newest first' } as const;

/** `orderOf` a list whose newest come first. */
export function orderInput<Key extends string>(
  what: string,
  things: string,
  more: Readonly<Record<Key, SortKey>>,
) {
  return orderOf<Key | 'created'>(what, things, { ...more, ...CREATED }, NEWEST);
}

/**
 * The input `<what>Order` of a list, with the enum of its keys, and the sorting that it means.
 *
 * @param things in the plural, for the description
 */
export function orderOf<Key extends string>(
  what: string,
  things: string,
  keys: Readonly<Record<Key, SortKey>>,
  usual: Usual<NoInfer<Key>>,
) {
  const names = Object.keys(keys) as Key[];
  const ByEnum = enumType(`${what}OrderBy`, names, `The keys to order ${things} by.`);

  @InputType(`${what}Order`)
  class OrderInput {
    @Field(() => ByEnum, { defaultValue: usual.by })
    by!: Key;

    @Field(() => DirectionEnum, { defaultValue: usual.direction })
    direction!: Direction;
  }

  const sorting = (order: OrderInput | null | undefined): Sorting => {
    const { by, direction } = order ?? usual;
    return { ...keys[by], name: `${what}.${by}`, direction };
  };
  return { OrderInput, sorting, told: usual.told };
}
