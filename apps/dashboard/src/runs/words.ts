// What workers tell in data of their own, in words.

import { percent } from '#src/format/numbers.ts';
import type { RoundDetail } from './read-run.ts';

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

const NAMES: Readonly<Record<string, string>> = {
  ...{ version: 'Espalier', node: 'Node.js', cpu: 'CPU', cores: 'CPU cores', threads: 'Threads used' },
  ...{ engine: 'Engine', workerId: 'Worker', throughputBatch: 'Images at a time (throughput)' },
};

/** Where a result comes from: what is known of it, in a settled order, then what has no name here. */
export function provenanceFacts(provenance: Record<string, unknown>): (readonly [string, string])[] {
  const known = Object.keys(provenance).filter((key) => provenance[key] !== null);
  const order = [...new Set([...Object.keys(NAMES).filter((key) => known.includes(key)), ...known])];
  return order.map((key) => [NAMES[key] ?? words(key), text(provenance[key])]);
}
