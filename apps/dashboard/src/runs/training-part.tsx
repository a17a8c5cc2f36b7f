'use client';

import { Chart } from '#src/charts/chart.tsx';
import { trainingOption } from '#src/charts/lines.ts';
import { duration, fixed, percent, rate } from '#src/format/numbers.ts';
import { Table, Td, Th, Tr } from '#src/ui/table.tsx';
import type { RunDetail } from './run-page-query.ts';

export function TrainingPart({ epochs }: { epochs: RunDetail['epochs'] }) {
  return (
    <div className="grid gap-8 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <Chart
        label="Top-1 and training loss over the epochs; the table beside it has the numbers"
        option={(palette) => trainingOption(epochs, palette)}
      />
      <Table caption="Epochs of fine-tuning">
        <thead>
          <tr>
            <Th right>Epoch</Th>
            <Th right>Training loss</Th>
            <Th right>Top-1, search split</Th>
            <Th right>Learning rate</Th>
            <Th right>Rate</Th>
            <Th right>Took</Th>
          </tr>
        </thead>
        <tbody>
          {epochs.map(({ epoch, loss, top1, learningRate, imagesPerSecond, seconds }) => (
            <Tr key={epoch}>
              <Td right>{Number(epoch.toFixed(2))}</Td>
              <Td right>{fixed(loss)}</Td>
              <Td right>{percent(top1)}</Td>
              <Td right>{fixed(learningRate, 4)}</Td>
              <Td right>{rate(imagesPerSecond)}</Td>
              <Td right>{duration(seconds)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
