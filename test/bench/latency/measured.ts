/** What `espalier measure --json` prints, as far as it is used here. */
export interface Measured {
  readonly rows: readonly {
    readonly model: string;
    readonly batch: number;
    readonly latencyMs: { readonly p50: number };
    readonly speedup: Ratio | null;
  }[];
  readonly checks: readonly (Ratio & { readonly batch: number })[];
  readonly provenance: {
    readonly engine: { readonly description: string };
    readonly hardware: { readonly cpu: string; readonly cores: number };
  };
}

/** With its 95 % interval. */
export interface Ratio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

export const milliseconds = (ms: number) => `${ms.toPrecision(3)} ms`;
export const times = (ratio: number) => `${ratio.toFixed(2)}x`;
export const interval = ({ low, high }: Ratio) => `${low.toFixed(2)}–${high.toFixed(2)}`;
export const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)} %`;

/** By how much a network differed from itself; above 2 % the machine was too busy to tell. */
export function checked({ ratio }: Ratio): string {
  const off = Math.abs(ratio - 1);
  return `${percent(off)}${off > 0.02 ? ', too busy to tell' : ''}`;
}

export const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
