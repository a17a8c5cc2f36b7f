import type { Random } from '../../network/test/random.ts';

type Tree = Record<string, unknown> | unknown[];
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Every place of a JSON text. */
function placesOf(value: unknown): [Tree, string][] {
  if (!isTree(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): [Tree, string][] => [
    [value, key],
    ...placesOf(inner),
  ]);
}

const JUNK = [
  ...[null, 0, -1, 1.5, 1e9, 1e300, Number.MAX_SAFE_INTEGER],
  ...['', 'x', 'y', 'w', '9'.repeat(30), 'AAAA', '\u0000\n'],
  ...[[], {}, true, ['^x', 'x:7']],
];

/** JSON with something else in one or two of its places, or nothing. */
export function damagedJson<T extends object>(json: T, random: Random): T {
  const damaged = structuredClone(json);
  for (let times = random.integer(1, 2); times > 0; times--) {
    const places = placesOf(damaged);
    const [tree, key] = places[random.integer(0, places.length - 1)] ?? [{}, ''];
    const value = structuredClone(JUNK[random.integer(0, JUNK.length - 1)]);
    if (value === true) delete (tree as Record<string, unknown>)[key];
    else (tree as Record<string, unknown>)[key] = value;
  }
  return damaged;
}
