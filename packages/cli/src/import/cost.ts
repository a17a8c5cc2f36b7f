import type { FieldName } from './fields.ts';
import type { Told } from './row.ts';
import type { Model } from './subjects.ts';

export interface Cost {
  readonly metric: 'macs' | 'params';
  readonly share: number;
  readonly params: number | null;
  readonly macs: number | null;
}

/** What is left, and which share that removed. */
export function costOf(
  { row, values }: Told,
  base: Model,
  tell: (field: FieldName, text: string) => void,
): Cost | null {
  const left = { macs: values.macs ?? values.flops, params: values.params };
  const metric = values.metric ?? 'macs';
  for (const name of ['macs', 'params'] as const) {
    const told = left[name];
    if (told !== null && told > base[name]) {
      const hint = name === 'macs' && values.macs !== null ? ' (a MAC is two FLOPs: map them to flops)' : '';
      tell(name, `expected at most the ${base[name]} of "${base.name}", not ${told}${hint}`);
      return null;
    }
  }
  const share = values.share ?? (left[metric] === null ? null : 1 - left[metric] / base[metric]);
  if (share === null) {
    tell(metric, `expected ${metric} or the share that was removed, but both are empty`);
    return null;
  }
  if (share <= 0) {
    tell(metric, `it removes nothing from "${base.name}": the value of the unpruned network belongs in base`);
    return null;
  }
  if (row.network !== null) return { metric, share, params: null, macs: null };
  for (const name of ['macs', 'params'] as const) {
    if (left[name] === null) tell(name, `expected ${name}, since there is no network to count them of`);
  }
  return { metric, share, ...left };
}
