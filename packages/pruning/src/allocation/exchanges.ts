import type { Cursor } from '@espalier/latency';
import type { Space } from './space.ts';
import { nearby } from './staircase.ts';

/** Exchanges among three groups are tried if there are no more than so many. */
const TRIPLES = 300_000;

/** Takes exchanges that lower the damage until there is none. */
export function exchanged(space: Space, start: readonly number[]): number[] {
  const groups = [...start.keys()];
  const sizes = space.options.map(({ length }) => length);
  const pairs = sizes.reduce((sum, a, g) => sum + sizes.slice(g + 1).reduce((all, b) => all + a * b, 0), 0);
  const isSmall = pairs * groups.length <= TRIPLES;
  let best = [...start];
  let least = space.damageOf(best);
  let near = new Neighbourhood(space, best);
  let isBetter = true;
  const tryFrom = (moves: readonly Move[]): void => {
    if (near.places !== best) near = new Neighbourhood(space, best);
    near.visit(moves, ({ places, widest }) => {
      const all = space.damageOf(places);
      for (const h of groups) {
        if (moves.some(({ group }) => group === h)) continue;
        // What h may damage at most to be of help.
        const most = least - (all - space.damageAt(h, places[h] ?? 0));
        const place = widest(h, most);
        if (place === undefined) continue;
        const found = places.with(h, place);
        const damage = space.damageOf(found);
        if (!(damage < least * (1 - 1e-12))) continue;
        [best, least, isBetter] = [found, damage, true];
      }
    });
  };
  while (isBetter) {
    isBetter = false;
    for (const group of groups) {
      for (const place of nearby(best[group] ?? 0, sizes[group] ?? 1)) tryFrom([{ group, place }]);
    }
    if (isBetter || !isSmall) continue;
    for (const g of groups) {
      for (const h of groups.slice(g + 1)) {
        for (let a = 0; a < (sizes[g] ?? 1); a++) {
          for (let b = 0; b < (sizes[h] ?? 1); b++) {
            tryFrom([
              { group: g, place: a },
              { group: h, place: b },
            ]);
          }
        }
      }
    }
  }
  return best;
}

interface Move {
  readonly group: number;
  readonly place: number;
}

/** Where an exchange leads to. */
interface Moved {
  readonly places: readonly number[];
  /** A group's widest place that meets the target and damages less than `most`. */
  widest(g: number, most: number): number | undefined;
}

/** A structure, and what is known of those around it: most exchanges are too dear, and that shows at a glance. */
class Neighbourhood {
  readonly places: number[];
  private readonly space: Space;
  private readonly around: Cursor;
  /** It stands where an exchange leads to while that is looked at, and here again after it. */
  private readonly moving: Cursor;
  private readonly cost: number;
  /** By group: how much each place alone changes the cost, and the least of that up to it. */
  private readonly changes = new Map<number, { readonly by: Float64Array; readonly least: Float64Array }>();

  constructor(space: Space, places: number[]) {
    this.space = space;
    this.places = places;
    this.around = space.from(places);
    this.moving = space.from(places);
    this.cost = space.costOf(places);
  }

  /** Looks at the structure with some groups elsewhere. */
  visit(moves: readonly Move[], look: (moved: Moved) => void): void {
    const { space, places, moving } = this;
    const moved = [...places];
    for (const { group, place } of moves) moved[group] = place;
    const [first, second] = moves;
    const isSum = !second || (first && space.isApart(first.group, second.group));
    const cost = isSum
      ? moves.reduce((sum, { group, place }) => sum + (this.changesOf(group).by[place] ?? 0), this.cost)
      : space.costOf(moved);
    let isThere = false;
    look({
      places: moved,
      widest: (g, most) => {
        const count = space.countBelow(g, most);
        if (count === 0) return undefined;
        const isApart = moves.every(({ group }) => space.isApart(group, g));
        if (isApart && cost + (this.changesOf(g).least[count - 1] ?? 0) > space.tooMuch) return undefined;
        if (!isThere) for (const { group, place } of moves) moving.move(group, place);
        isThere = true;
        return space.widest(moving, g, count);
      },
    });
    if (isThere) for (const { group } of moves) moving.move(group, places[group] ?? 0);
  }

  private changesOf(g: number) {
    const known = this.changes.get(g);
    if (known) return known;
    const costs = this.around.along(g);
    const by = Float64Array.from(this.space.options[g] ?? [], (_, place) => costs(place) - this.cost);
    let least = Number.POSITIVE_INFINITY;
    const found = { by, least: by.map((change) => (least = Math.min(least, change))) };
    this.changes.set(g, found);
    return found;
  }
}
