import type { Provenance } from './result-fields.ts';

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
