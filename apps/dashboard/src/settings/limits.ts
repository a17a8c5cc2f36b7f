import { percent, plural } from '#src/format/numbers.ts';

/** Of the widths that channel groups may keep. */
export interface Limits {
  /** "auto" for the usual ones; what is being typed may be anything. */
  readonly align: number | string;
  readonly minWidth: number;
  readonly maxRatio: number;
  /** Ids of groups that stay whole. */
  readonly keep: string[];
}

export const NO_LIMITS: Limits = { align: 1, minWidth: 1, maxRatio: 0.9, keep: [] };

/** Empty for any width. */
function alignWords(align: Limits['align']): string {
  if (align === 'auto') return 'widths in multiples of 8, of 4 in groups below 32';
  return align === NO_LIMITS.align ? '' : `widths in multiples of ${align}`;
}

/** Those that are not the usual ones: "widths in multiples of 8, at least 4 units in each group"; empty for none. */
export function limitsWords({ align, minWidth, maxRatio, keep }: Limits): string {
  return [
    alignWords(align),
    minWidth === NO_LIMITS.minWidth ? '' : `at least ${minWidth} units in each group`,
    maxRatio === NO_LIMITS.maxRatio ? '' : `at most ${percent(maxRatio, 0)} of a group removed`,
    keep.length === 0 ? '' : `${plural(keep.length, 'group stays', 'groups stay')} whole`,
  ]
    .filter(Boolean)
    .join(', ');
}
