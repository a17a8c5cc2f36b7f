import DataLoader from 'dataloader';

type Find<T> = (keys: string[]) => Promise<T[]>;

/** What one row each says, null if there is none: many in one statement. */
export function oneEach<T, Value>(find: Find<T>, entry: (row: T) => readonly [key: string, value: Value]) {
  return new DataLoader<string, Value | null>(async (keys) => {
    const values = new Map((await find([...keys])).map(entry));
    return keys.map((key) => values.get(key) ?? null);
  });
}

/** All rows of each key, in the order in which they were found: many in one statement. */
export function someEach<T>(find: Find<T>, keyOf: (row: T) => string) {
  return new DataLoader<string, T[]>(async (keys) => {
    const rows = new Map<string, T[]>(keys.map((key) => [key, []]));
    for (const row of await find([...keys])) rows.get(keyOf(row))?.push(row);
    return keys.map((key) => rows.get(key) ?? []);
  });
}
