// Matches as a matrix: every strategy against every other one, seen from the row.
import { points } from '#src/format/numbers.ts';
import type { Match, Strategy } from './analysis-query.ts';
import { apartWords } from './apart.ts';

interface MatchCell {
  /** "3 / 1 / 0": wins, ties and losses; null where nothing was tested. */
  readonly text: string | null;
  /** In whole sentences. */
  readonly words: string;
  readonly untested: number;
  /** Meetings in which savings lie apart. */
  readonly uncompared: number;
}

export interface MatchRow {
  readonly strategy: Strategy;
  /** In the order of the rows; null against itself. */
  readonly cells: readonly (MatchCell | null)[];
}

/** @param strategies in the order in which they are shown */
export function matchRows(strategies: readonly Strategy[], matches: readonly Match[]): MatchRow[] {
  const found = new Map<string, Match>();
  for (const match of matches) {
    found.set(between(match.a, match.b), match);
    found.set(between(match.b, match.a), mirrored(match));
  }
  return strategies.map((strategy, row) => ({
    strategy,
    cells: strategies.map((other, column) => {
      const match = found.get(between(strategy, other));
      return row === column ? null : cellOf(strategy, other, match);
    }),
  }));
}

function cellOf(strategy: Strategy, other: Strategy, match: Match | undefined): MatchCell {
  const against = `${strategy.name} against ${other.name}`;
  if (!match || match.meetings === 0) {
    return { text: null, words: `${against}: no target and seed in common`, untested: 0, uncompared: 0 };
  }
  const { wins, ties, losses, untested, uncompared, apart, difference } = match;
  const tested = wins + ties + losses;
  const told = [
    ...(tested > 0 ? [`${wins} won, ${ties} tied, ${losses} lost`] : []),
    ...(untested > 0 ? [`${untested} untested`] : []),
    ...(apart === null ? [] : [`${uncompared} ${apartWords(apart)}`]),
    ...(difference === null ? [] : [`${points(difference)} on average`]),
  ];
  return {
    text: tested > 0 ? `${wins} / ${ties} / ${losses}` : null,
    words: `${against}: ${told.join(', ')}`,
    untested,
    uncompared,
  };
}

function mirrored(match: Match): Match {
  const { a, b, wins, losses, difference } = match;
  return {
    ...match,
    a: b,
    b: a,
    wins: losses,
    losses: wins,
    difference: difference === null ? null : -difference,
  };
}

function between(a: Strategy, b: Strategy): string {
  return `${a.key} ${b.key}`;
}
