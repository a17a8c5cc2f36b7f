/** A value as JSON: what crosses from the server to the browser is looked at value by value, and a string is one. */
export type Packed<T> = string & { readonly of?: T };

export function packed<T>(value: T): Packed<T> {
  return JSON.stringify(value);
}

export function unpacked<T>(json: Packed<T>): T {
  return JSON.parse(json);
}
