import type { Conversion } from '@espalier/pipeline';
import { onStdout } from './colour.ts';
import { left, listing, right } from './table.ts';
import { fileSize } from './units.ts';

export interface ConversionReport extends Conversion {
  readonly out: string;
}

export function conversionText({ outputs, bytes, out }: ConversionReport): string {
  const compared = outputs
    ? [
        listing(outputs, [
          left('output', ({ name }) => name),
          left('shape', ({ shape }) => shape.join(' x ')),
          right('difference', ({ share }) => (share ?? Number.NaN).toExponential(1)),
        ]),
        onStdout.dim(
          'one random image, in TensorFlow.js and in ONNX Runtime; the difference is relative to the norm of the output',
        ),
      ]
    : [
        'not compared: the network begins or ends inside the model, and TensorFlow.js runs only the whole model',
      ];
  return [...compared, `written to ${out} (${fileSize(bytes)})`].join('\n');
}
