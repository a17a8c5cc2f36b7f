/** From values to pixels. */
export interface Scale {
  /** Rounded to a tenth of a pixel. */
  at(value: number): number;
  /** Round values in the domain, five to ten of them. */
  readonly ticks: readonly number[];
}

/** A linear scale whose ticks are tenths of a domain of shares. */
export function scale([low, high]: readonly [number, number], [from, to]: readonly [number, number]): Scale {
  const steps = Math.max(1, Math.round((high - low) * 10));
  return {
    at: (value) => Math.round((from + ((value - low) / (high - low || 1)) * (to - from)) * 10) / 10,
    ticks: Array.from({ length: steps + 1 }, (_, i) => Math.round((low + i / 10) * 10) / 10),
  };
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
