'use client';

import { DataTable } from '#src/ui/data-table.tsx';

interface OperationWithoutRule {
  readonly name: string;
  readonly op: string;
  readonly why: string;
}

/** What surgery has no rule for, and leaves whole with what it reads and computes. */
export function WithoutRuleTable({ operations }: { operations: readonly OperationWithoutRule[] }) {
  return (
    <DataTable
      caption="Operations that surgery has no rule for: what they read and compute stays whole"
      rows={operations}
      keyOf={({ name }) => name}
      columns={[
        { name: 'Node', long: ({ name }) => name },
        { name: 'Operation', cell: ({ op }) => op },
        { name: 'Why', long: ({ why }) => why },
      ]}
    />
  );
}
