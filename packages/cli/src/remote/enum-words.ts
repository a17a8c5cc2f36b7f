// The API's enums are called TWO_PER_MAC; the command writes twoPerMac for it, as what it computes by itself does.

/** TWO_PER_MAC → twoPerMac */
export type Word<Value extends string> = Value extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<Word<Rest>>}`
  : Lowercase<Value>;

/** twoPerMac → TWO_PER_MAC */
export type EnumOf<Word extends string> = Word extends `${infer First}${infer Rest}`
  ? `${Uppercase<First>}${Rest extends Uncapitalize<Rest> ? '' : '_'}${EnumOf<Rest>}`
  : '';

export function wordOf<V extends string>(value: V): Word<V> {
  return value.toLowerCase().replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()) as Word<V>;
}

export function enumOf<W extends string>(word: W): EnumOf<W> {
  return word.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase() as EnumOf<W>;
}
