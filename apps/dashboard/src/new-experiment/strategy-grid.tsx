'use client';

import { Dot } from '#src/ui/dot.tsx';
import { type Method, pairOf, readPair } from './plan.ts';

/** Allocations by criteria, to tick. */
export function StrategyGrid({
  allocations,
  criteria,
  chosen,
  onChange,
}: {
  allocations: readonly Method[];
  criteria: readonly Method[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium">Strategies</legend>
      <div className="relative overflow-x-auto">
        <table>
          <thead>
            <tr>
              <th scope="col" className="pr-4 text-small text-ink-soft">
                Allocation: where to cut
              </th>
              {criteria.map(({ name, description }) => (
                <th
                  key={name}
                  scope="col"
                  title={description}
                  className="px-3 text-center font-mono text-small text-ink-soft"
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {allocations.map(({ name, description }) => (
              <tr key={name} className="border-t border-line">
                <th scope="row" title={description} className="h-9 pr-4 font-normal">
                  <span className="flex items-center gap-2">
                    <Dot allocation={name} />
                    {name}
                  </span>
                </th>
                {criteria.map(({ name: criterion }) => {
                  const pair = pairOf(name, criterion);
                  const ticked = chosen.includes(pair);
                  return (
                    <td key={criterion} className="text-center">
                      <input
                        type="checkbox"
                        className="size-4 accent-accent"
                        aria-label={`${name} with ${criterion}`}
                        checked={ticked}
                        onChange={() =>
                          onChange(ticked ? chosen.filter((each) => each !== pair) : [...chosen, pair])
                        }
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-1 text-small text-ink-soft">
        Rows are allocations: where to cut. Columns are criteria: which channels go first.
      </p>
      <dl className="mt-2 grid gap-1 text-small" aria-label="What was ticked">
        {ticked(allocations, chosen.map(allocationOf)).map(({ name, description }) => (
          <Told key={name} name={name} description={description} />
        ))}
        {ticked(criteria, chosen.map(criterionOf)).map(({ name, description }) => (
          <Told key={name} name={name} description={description} />
        ))}
      </dl>
    </fieldset>
  );
}

const allocationOf = (pair: string) => readPair(pair).allocation;
const criterionOf = (pair: string) => readPair(pair).criterion;

function ticked(methods: readonly Method[], names: readonly string[]): Method[] {
  return methods.filter(({ name }) => names.includes(name));
}

function Told({ name, description }: Method) {
  return (
    <div className="flex flex-wrap gap-x-2">
      <dt className="font-medium">{name}</dt>
      <dd className="text-ink-soft">{description}</dd>
    </div>
  );
}
