import { type Hits, type PairedTest, pairedTest } from './paired-test.ts';
import { distinctResults, groupedBy, Opponents, type SettingResult, savingsApart } from './setting-result.ts';

/** A result with what it got right. */
export interface TestedResult extends SettingResult {
  /** Hits on the test split; null if they were not kept, or where the metric is another than {@link hitsTell}. */
  readonly hits: Hits | null;
}

/** Two different networks where they meet: the same operating point and seed. */
interface Meeting {
  readonly point: string;
  /** The first that leads to both networks; null if nothing is drawn in either. */
  readonly seed: number | null;
  /** How far the savings lie apart; null if they compare. What saves more has the harder task: it is no contest. */
  readonly apart: number | null;
  /** Null if savings lie apart, or the hits of one of them were not kept, or are of other images. */
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
  /** Meetings that do not count, as the achieved savings differ by more than two points. */
  readonly uncompared: number;
  /** The widest such difference; null if there is none. */
  readonly apart: number | null;
  /**
   * Mean value of the first minus that of the second, whichever is better, over the meetings that count; null if there
   * are none.
   */
  readonly difference: number | null;
  readonly meetings: readonly Meeting[];
}

const DEFAULT_LEVEL = 0.05;

/**
 * Every pair of settings at every operating point and seed that both have, equal networks once: a win where the first
 * one is more accurate and {@link pairedTest} says so at the level, a loss the other way round, else a tie. Each
 * meeting is tested by itself at the level: among many meetings of equals some win by chance, up to one in forty to
 * either side at 0.05.
 *
 * @param level p below it counts
 * @returns each pair once, in the order in which the results name the settings
 */
export function winTieLoss(results: readonly TestedResult[], level = DEFAULT_LEVEL): Match[] {
  const settings = [...groupedBy(distinctResults(results), ({ result }) => result.setting)].map(
    ([setting, rows]) => {
      const points = [...groupedBy(rows, ({ result }) => result.point)];
      return { setting, rows, at: new Map(points.map(([point, own]) => [point, new Opponents(own)])) };
    },
  );
  return settings.flatMap((a, i) =>
    settings.slice(i + 1).map((b) => {
      const meetings = a.rows.flatMap((row) =>
        (b.at.get(row.result.point)?.of(row) ?? []).map(([other, seed]) =>
          meetingOf(row.result, other.result, seed),
        ),
      );
      return match(a.setting, b.setting, meetings, level);
    }),
  );
}

type Met = Meeting & { readonly difference: number };

function meetingOf(a: TestedResult, b: TestedResult, seed: number | null): Met {
  const apart = savingsApart([a.saved, b.saved]);
  const test = apart === null ? testOf(a.hits, b.hits) : null;
  return { point: a.point, seed, apart, test, difference: a.value - b.value };
}

function match(a: string, b: string, met: readonly Met[], level: number): Match {
  let [wins, ties, losses, untested, uncompared, sum] = [0, 0, 0, 0, 0, 0];
  let apart: number | null = null;
  for (const meeting of met) {
    if (meeting.apart !== null) {
      uncompared++;
      apart = Math.max(apart ?? 0, meeting.apart);
      continue;
    }
    const { test } = meeting;
    sum += meeting.difference;
    if (!test) untested++;
    else if (test.p >= level) ties++;
    else if (test.difference > 0) wins++;
    else losses++;
  }
  const counted = met.length - uncompared;
  const difference = counted > 0 ? sum / counted : null;
  const meetings = met.map(({ difference: _, ...meeting }) => meeting);
  return { a, b, wins, ties, losses, untested, uncompared, apart, difference, meetings };
}

function testOf(a: Hits | null, b: Hits | null): PairedTest | null {
  return a && b && a.images === b.images ? pairedTest(a, b) : null;
}
