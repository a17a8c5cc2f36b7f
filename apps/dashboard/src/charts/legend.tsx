import { clsx } from 'clsx';
import type { Series } from './plot.ts';
import { DASH_ARRAYS } from './plot-view.tsx';

/** The series by their names; a press takes one out of the chart and puts it back. Nothing of a single one. */
export function Legend({
  series,
  hidden,
  onChange,
}: {
  series: readonly Series[];
  hidden: ReadonlySet<string>;
  onChange: (hidden: ReadonlySet<string>) => void;
}) {
  const listed = series.filter((each) => each.listed);
  if (listed.length < 2) return null;
  const toggle = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    onChange(next);
  };
  return (
    <ul
      aria-label="Shown in the chart"
      className="mb-1 flex max-h-28 flex-wrap gap-x-3 gap-y-0.5 overflow-y-auto"
    >
      {listed.map((each, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two runs may have one name
        <li key={at}>
          <button
            type="button"
            aria-pressed={!hidden.has(each.name)}
            onClick={() => toggle(each.name)}
            className={clsx(
              'flex items-center gap-1.5 rounded-sm px-1 py-0.5 text-small text-ink-soft hover:text-ink',
              hidden.has(each.name) && 'line-through',
            )}
          >
            <Sample of={each} />
            {each.name}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** How it is drawn. */
function Sample({ of: { colour, line, hollow, points } }: { of: Series }) {
  const shapes = new Set(points.map(({ shape }) => shape));
  const [shape] = shapes.size === 1 ? [...shapes] : [];
  return (
    <svg aria-hidden width={line ? 18 : 10} height={10}>
      {line ? (
        <path d="M0 5H18" strokeWidth={2} strokeDasharray={DASH_ARRAYS[line]} style={{ stroke: colour }} />
      ) : (
        <path
          d={shape ?? 'M5 1a4 4 0 1 0 0 8a4 4 0 1 0 0 -8z'}
          style={hollow ? { fill: 'none', stroke: colour } : { fill: colour }}
        />
      )}
    </svg>
  );
}
