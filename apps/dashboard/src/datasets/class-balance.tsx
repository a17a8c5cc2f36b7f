import { grouped } from '#src/format/numbers.ts';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';

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
    <Table caption="Images of each class by split">
      <thead>
        <tr>
          <Th>Class</Th>
          <Th className="w-1/3">Share of the largest class</Th>
          {splits.map(({ name }) => (
            <Th key={name} right>
              {name}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {classes.map((name, index) => (
          <Tr key={name}>
            <Td className="max-w-48 truncate" title={name}>
              {name}
            </Td>
            <Td>
              <span
                aria-hidden
                className="block h-2.5 rounded-xs bg-accent"
                style={{ width: `${((first.classCounts[index] ?? 0) / most) * 100}%` }}
              />
            </Td>
            {splits.map((split) => (
              <Td key={split.name} right>
                {grouped(split.classCounts[index])}
              </Td>
            ))}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
