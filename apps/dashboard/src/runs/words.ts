// What workers tell in data of their own, in words.

import { percent } from '#src/format/numbers.ts';
import type { Provenance } from './result-fields.ts';

/** Of an event. */
interface RoundDetail {
  readonly round: number;
  /** Shares of the first cost that are gone. */
  readonly achieved: { readonly macs: number; readonly params: number };
  readonly before: { readonly top1: number };
  readonly after: { readonly top1: number };
}

/** "baseLatency" → "base latency". */
export function words(name: string): string {
  return name
    .replaceAll('-', ' ')
    .replaceAll(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
}

/** Whatever it is, in a line. */
function text(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value)) return value.map(text).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, each]) => `${words(name)} ${text(each)}`)
      .join(', ');
  }
  return typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(4)))
    : String(value);
}

/** What an event tells. */
export function eventText(kind: string, data: unknown): string {
  if (kind === 'warning') return text((data as { text?: unknown }).text);
  if (kind !== 'round') return text(data);
  const { round, achieved, before, after } = data as RoundDetail;
  const cut = `${percent(achieved.macs)} of the MACs and ${percent(achieved.params)} of the params are gone`;
  return `round ${round}: ${cut}, top-1 ${percent(before.top1)} → ${percent(after.top1)} as cut`;
}

const NAMES = {
  ...{ version: 'Espalier', node: 'Node.js', cpu: 'CPU', cores: 'CPU cores', threads: 'Threads used' },
  ...{ engine: 'Engine', worker: 'Worker', throughputBatch: 'Images at a time (throughput)' },
} as const satisfies Record<keyof Provenance, string>;

/** Where a result comes from: what is known of it, in a settled order. */
export function provenanceFacts(provenance: Provenance): (readonly [string, string])[] {
  return (Object.keys(NAMES) as (keyof Provenance)[])
    .filter((key) => provenance[key] !== null)
    .map((key) => [NAMES[key], String(provenance[key])]);
}
