import { plural } from '#src/format/numbers.ts';
import { wordOf } from '#src/graphql/enum-words.ts';

type Engines = readonly { readonly engine: string; readonly workers: number }[];

/** How many workers take runs. */
export function workersOf(engines: Engines): number {
  return engines.reduce((sum, { workers }) => sum + workers, 0);
}

/** Whether anything will run: who takes work. */
export function EngineWorkers({ engines }: { engines: Engines }) {
  if (engines.length === 0) {
    return (
      <p className="py-2 text-ink-soft">
        No worker is there: runs wait. Start one with <code className="font-mono">espalier worker</code>.
      </p>
    );
  }
  return (
    <ul className="py-2">
      {engines.map(({ engine, workers }) => (
        <li key={engine}>
          {plural(workers, 'worker takes', 'workers take')} runs of {wordOf(engine)}
        </li>
      ))}
    </ul>
  );
}
