import { InputError } from '@espalier/errors';
import type { CostMetric } from '@espalier/network';
import type { Ranking } from '../criteria/index.ts';
import { unitsRemoved } from '../grid.ts';
import { type Allocation, prepared } from './allocation.ts';
import {
  type AllocationProblem,
  checkLimits,
  fitWidth,
  someOf,
  type WidthLimits,
  widthLadder,
} from './problem.ts';
import { scaled } from './scaled.ts';
import { costOf, type Target } from './target.ts';

/** How manual shares are written; a group that nothing names stays whole. */
export const MANUAL_FORM = 'manual(GROUP=SHARE;...)';
/** Longer ones are a mistake, and every run carries its own. */
const MOST_CHARACTERS = 4000;

/** A group's name, in which * stands for anything, and the share of its units to remove. */
interface Part {
  readonly pattern: string;
  readonly share: number;
}

/**
 * Shares that a person gives, "manual(conv1=0.2;layer3.*=0.6)": of those that name a group the last one counts. For a
 * target all are scaled by one factor; see {@link manualTarget} for what they come to as they are.
 *
 * @returns null for a name of another kind
 * @throws {InputError} for one that is not written like this
 */
export function manual(name: string): Allocation | null {
  const parts = partsOf(name);
  return (
    parts &&
    prepared(
      {
        name: `manual(${parts.map(({ pattern, share }) => `${pattern}=${share}`).join(';')})`,
        description: 'your own ratios; * matches anything',
        sampling: 'none',
      },
      (problem) => scaled(problem, sharesOf(parts, problem.rankings)),
    )
  );
}

/**
 * The target that manual shares meet without being scaled.
 *
 * @returns null for an allocation that goes for any target
 * @throws {InputError} where the limits on widths do not allow the shares, or nothing would go
 */
export function manualTarget(
  name: string,
  { rankings, cost, limits }: Pick<AllocationProblem, 'rankings' | 'cost'> & { readonly limits: WidthLimits },
  metric: CostMetric,
): Target | null {
  const parts = partsOf(name);
  if (!parts) return null;
  checkLimits(
    limits,
    rankings.map(({ group }) => group.id),
  );
  const shares = sharesOf(parts, rankings);
  const widths = rankings.map(({ group: { id, width: whole } }, g) => {
    const ladder = widthLadder(whole, id, limits);
    const wanted = whole - unitsRemoved(shares[g] ?? 0, whole);
    const narrowest = ladder.at(-1) ?? 1;
    if (wanted < narrowest) {
      throw refused(
        `${name}: ${id} must keep at least ${narrowest} of ${whole} units, not ${wanted}: give it a smaller ratio, or loosen the limits on widths`,
      );
    }
    return fitWidth(ladder, wanted);
  });
  const share = 1 - costOf(cost.cost(widths), metric) / costOf(cost.base, metric);
  if (share <= 0) throw refused(`${name} removes nothing from this network`);
  return { metric, share };
}

function refused(message: string): InputError {
  return new InputError(message, 'allocation');
}

/** Null for a name of another kind. */
function partsOf(name: string): Part[] | null {
  if (name !== 'manual' && !name.startsWith('manual(')) return null;
  const inner = /^manual\((.*)\)$/s.exec(name.trim())?.[1]?.trim();
  if (!inner) throw refused(`"${name}": write each group and its ratio as ${MANUAL_FORM}`);
  if (name.length > MOST_CHARACTERS) {
    throw refused(
      `the list of ratios takes at most ${MOST_CHARACTERS} characters; name several groups by one pattern, such as layer3.*=0.6`,
    );
  }
  return inner.split(';').map((part) => {
    const at = part.lastIndexOf('=');
    const [pattern, text] = [part.slice(0, Math.max(0, at)).trim(), part.slice(at + 1).trim()];
    const share = text === '' ? Number.NaN : Number(text);
    if (pattern === '' || !(share >= 0 && share < 1)) {
      throw refused(`"${part.trim()}" in ${MANUAL_FORM}: give a group and a ratio from 0 to below 1`);
    }
    return { pattern, share };
  });
}

function sharesOf(parts: readonly Part[], rankings: readonly Ranking[]): number[] {
  const ids = rankings.map(({ group }) => group.id);
  const matchers = parts.map(({ pattern, share }) => ({ pattern, share, names: matcher(pattern) }));
  const stray = matchers.find(({ names }) => !ids.some(names));
  if (stray) {
    throw refused(
      `manual: "${stray.pattern}" matches no prunable group of this network; there are ${someOf(ids)}`,
    );
  }
  return ids.map((id) => matchers.findLast(({ names }) => names(id))?.share ?? 0);
}

/**
 * Whether a name fits a pattern: the texts between its stars are in the name in their order. Each takes the first
 * place where it fits, so nothing is tried twice, whatever pattern and names somebody thought of.
 */
function matcher(pattern: string): (id: string) => boolean {
  const [first = '', ...between] = pattern.split('*');
  const last = between.pop();
  if (last === undefined) return (id) => id === first;
  return (id) => {
    const end = id.length - last.length;
    if (end < first.length || !id.startsWith(first) || !id.endsWith(last)) return false;
    let at = first.length;
    for (const text of between) {
      const found = id.indexOf(text, at);
      if (found < 0) return false;
      at = found + text.length;
    }
    return at <= end;
  };
}
