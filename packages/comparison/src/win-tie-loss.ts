import { type Hits, type PairedTest, pairedTest } from './paired-test.ts';
import { groupedBy, type SettingResult, withoutRepetitions } from './setting-result.ts';

/** A result with what it got right. */
export interface TestedResult extends SettingResult {
  /** Hits on the test split; null where they were not kept. */
  readonly hits: Hits | null;
}

/** Two settings where they meet: the same operating point and seed. */
interface Meeting {
  readonly point: string;
  readonly seed: number;
  /** Null where the hits of one of them were not kept, or are of other images. */
  readonly test: PairedTest | null;
}

/** The first setting against the second. */
export interface Match {
  readonly a: string;
  readonly b: string;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  /** Meetings without a test: neither won, tied nor lost. */
  readonly untested: number;
  /** Mean accuracy of the first minus that of the second over all meetings; null where they never meet. */
  readonly difference: number | null;
  readonly meetings: readonly Meeting[];
}

const DEFAULT_LEVEL = 0.05;

/**
 * Every pair of settings at every operating point and seed that both have: a win where the first one is more accurate
 * and {@link pairedTest} says so at the level, a loss the other way round, else a tie. Each meeting is tested by itself
 * at the level: among many meetings of equals some win by chance, up to one in forty to either side at 0.05.
 *
 * @param level p below it counts
 * @returns each pair once, in the order in which the results name the settings
 */
export function winTieLoss(results: readonly TestedResult[], level = DEFAULT_LEVEL): Match[] {
  const settings = [...groupedBy(withoutRepetitions(results), ({ setting }) => setting)];
  const places = settings.map(
    ([, rows]) => new Map(rows.map((row) => [JSON.stringify([row.point, row.seed]), row])),
  );
  return settings.flatMap(([a, rows], i) =>
    settings.slice(i + 1).map(([b], after) => match(a, b, rows, places[i + 1 + after] ?? new Map(), level)),
  );
}

function match(
  a: string,
  b: string,
  rows: readonly TestedResult[],
  others: ReadonlyMap<string, TestedResult>,
  level: number,
): Match {
  const meetings: Meeting[] = [];
  let [wins, ties, losses, untested, sum] = [0, 0, 0, 0, 0];
  for (const row of rows) {
    const other = others.get(JSON.stringify([row.point, row.seed]));
    if (!other) continue;
    const test = testOf(row.hits, other.hits);
    meetings.push({ point: row.point, seed: row.seed, test });
    sum += row.top1 - other.top1;
    if (!test) untested++;
    else if (test.p >= level) ties++;
    else if (test.difference > 0) wins++;
    else losses++;
  }
  const difference = meetings.length > 0 ? sum / meetings.length : null;
  return { a, b, wins, ties, losses, untested, difference, meetings };
}

function testOf(a: Hits | null, b: Hits | null): PairedTest | null {
  return a && b && a.images === b.images ? pairedTest(a, b) : null;
}
