import { strategyColour } from '#src/format/strategies.ts';

/** A strategy's colour. */
export function Dot({ allocation }: { allocation: string }) {
  return (
    <span
      aria-hidden
      className="size-2.5 shrink-0 rounded-full"
      style={{ background: strategyColour(allocation) }}
    />
  );
}
