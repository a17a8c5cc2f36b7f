// The API's enums are called LATENCY_MS; addresses and what people read have latencyMs for it.

/** LATENCY_MS → latencyMs */
export type Word<Value extends string> = Value extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<Word<Rest>>}`
  : Lowercase<Value>;

/** latencyMs → LATENCY_MS */
export type Value<Word extends string> = Word extends `${infer First}${infer Rest}`
  ? `${Uppercase<First>}${Rest extends Uncapitalize<Rest> ? '' : '_'}${Value<Rest>}`
  : '';

export function wordOf<V extends string>(value: V): Word<V> {
  return value.toLowerCase().replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()) as Word<V>;
}

export function enumOf<W extends string>(word: W): Value<W> {
  return word.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase() as Value<W>;
}

/** The value that an address names; undefined for none of them. */
export function enumNamed<V extends string>(values: readonly V[], word: string): V | undefined {
  return values.find((value) => wordOf(value) === word);
}
