import { percent, plural } from '#src/format/numbers.ts';

/** Of the widths that channel groups may keep. */
export interface Limits {
  /** What is being typed may be anything. */
  readonly align: number | string;
  readonly minWidth: number;
  readonly maxRatio: number;
  /** Ids of groups that stay whole. */
  readonly keep: string[];
}

/** Where nobody says anything else. */
export const USUAL_LIMITS: Limits = { align: 'auto', minWidth: 1, maxRatio: 0.9, keep: [] };

function alignWords(align: Limits['align']): string {
  if (align === USUAL_LIMITS.align) return '';
  return align === 1 ? 'widths as they fall' : `widths in multiples of ${align}`;
}

/** Those that are not the usual ones: "widths in multiples of 8, at least 4 units in each group"; empty for none. */
export function limitsWords({ align, minWidth, maxRatio, keep }: Limits): string {
  return [
    alignWords(align),
    minWidth === USUAL_LIMITS.minWidth ? '' : `at least ${minWidth} units in each group`,
    maxRatio === USUAL_LIMITS.maxRatio ? '' : `at most ${percent(maxRatio, 0)} of a group removed`,
    keep.length === 0 ? '' : `${plural(keep.length, 'group stays', 'groups stay')} whole`,
  ]
    .filter(Boolean)
    .join(', ');
}
