import { criterionShape } from '#src/format/shapes.ts';
import { strategyColour } from '#src/format/strategies.ts';

/** The colour of an allocation, in the form of a criterion; round without one. */
export function Dot({ allocation, criterion = '' }: { allocation: string; criterion?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 10 10" className="size-2.5 shrink-0">
      <path d={criterionShape(criterion)} fill={strategyColour(allocation)} />
    </svg>
  );
}
