import { grouped } from '#src/format/numbers.ts';
import { DataTable } from '#src/ui/data-table.tsx';

interface Split {
  readonly name: string;
  readonly classCounts: readonly number[];
}

/** How many images each class has in each split; the bar is of the largest class of the first split. */
export function ClassBalance({ classes, splits }: { classes: readonly string[]; splits: readonly Split[] }) {
  const [first] = splits;
  if (!first || first.classCounts.length === 0) {
    return <p className="py-2 text-ink-soft">This data set was added before classes were counted.</p>;
  }
  const most = Math.max(1, ...first.classCounts);
  return (
    <DataTable
      caption="Images of each class by split"
      rows={classes}
      keyOf={(name) => name}
      columns={[
        {
          name: 'Class',
          className: 'max-w-48 truncate',
          title: (name) => name,
          cell: (name) => name,
        },
        {
          name: 'Share of the largest class',
          head: { className: 'w-1/3' },
          cell: (_, index) => (
            <span
              aria-hidden
              className="block h-2.5 rounded-xs bg-accent"
              style={{ width: `${((first.classCounts[index] ?? 0) / most) * 100}%` }}
            />
          ),
        },
        ...splits.map(({ name, classCounts }) => ({
          name,
          key: `split ${name}`,
          right: true,
          cell: (_: string, index: number) => grouped(classCounts[index]),
        })),
      ]}
    />
  );
}
