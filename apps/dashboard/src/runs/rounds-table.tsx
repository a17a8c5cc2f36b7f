import { percent, points } from '#src/format/numbers.ts';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import type { RoundDetail } from './read-run.ts';

/** What each round of an iterative search began with and what its cut did, on the images that it sampled. */
export function RoundsTable({
  rounds,
  metric,
}: {
  rounds: readonly RoundDetail[];
  metric: 'macs' | 'params';
}) {
  return (
    <Table caption="Rounds of the search">
      <thead>
        <tr>
          <Th right>Round</Th>
          <Th right>Removed in all</Th>
          <Th right>Top-1 before</Th>
          <Th right>As cut</Th>
          <Th right>Change</Th>
        </tr>
      </thead>
      <tbody>
        {rounds.map(({ round, achieved, before, after }) => (
          <Tr key={round}>
            <Td right>{round}</Td>
            <Td right>{percent(achieved[metric])}</Td>
            <Td right>{percent(before.top1)}</Td>
            <Td right>{percent(after.top1)}</Td>
            <Td right>{points(after.top1 - before.top1)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
