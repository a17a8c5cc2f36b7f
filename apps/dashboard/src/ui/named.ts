/** Something to choose by its name. */
export interface Named<Id extends string = string> {
  readonly id: Id;
  readonly name: string;
}

/** Things that are called by their ids. */
export function named<Id extends string>(ids: readonly Id[]): Named<Id>[] {
  return ids.map((id) => ({ id, name: id }));
}

/** Things by their ids. */
export function entries<Id extends string>(
  names: Readonly<Record<Id, string>>,
  write = (name: string) => name,
): Named<Id>[] {
  return (Object.keys(names) as Id[]).map((id) => ({ id, name: write(names[id]) }));
}
