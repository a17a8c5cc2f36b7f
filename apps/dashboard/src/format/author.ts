/** Who made something: a person, and the API key that they used. */
export interface Authored {
  readonly createdBy: { readonly name: string } | null;
  readonly createdByKey: string | null;
}

/** "Ada", "Ada, key ci"; null where nobody is known, as of what is older than this was kept. */
export function authorWords({ createdBy, createdByKey }: Authored): string | null {
  const words = [createdBy?.name, createdByKey === null ? null : `key ${createdByKey}`].filter(Boolean);
  return words.length > 0 ? words.join(', ') : null;
}
