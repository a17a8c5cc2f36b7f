'use client';

import { ChoiceField, Folded, NumberField, TextAreaField, TextField } from '#src/ui/field.tsx';
import { named } from '#src/ui/named.ts';
import { type Pixels, VALUES } from './pixels.ts';

const CHANNELS = [
  { id: 'RGB', name: 'red, green, blue' },
  { id: 'BGR', name: 'blue, green, red' },
  { id: 'gray', name: 'grey' },
] as const;

const OUTPUTS = [
  { id: 'logits', name: 'logits' },
  { id: 'probabilities', name: 'probabilities (softmax)' },
] as const;

/** How pixels become a network's input, for files that do not say so themselves. */
export function PixelsFields({
  pixels,
  onChange,
}: {
  pixels: Pixels;
  onChange: (part: Partial<Pixels>) => void;
}) {
  return (
    <Folded title="How pixels become its input" open={pixels.values === 'file' ? undefined : true}>
      <p className="max-w-2xl text-ink-soft">
        Files of Espalier say it themselves, and so does a NAME.onnx.json beside the file. Of other files, say
        here how the network was trained: with other values it loses its accuracy.
      </p>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <ChoiceField
          label="Values"
          options={VALUES}
          value={pixels.values}
          onChange={(values) => onChange({ values })}
        />
        {pixels.values !== 'file' && (
          <>
            {pixels.values === 'own' && (
              <>
                <TextField
                  label="Mean"
                  hint="of values from 0 to 1, one a channel"
                  value={pixels.mean}
                  onChange={(mean) => onChange({ mean })}
                />
                <TextField
                  label="Deviation"
                  hint="as the mean"
                  value={pixels.std}
                  onChange={(std) => onChange({ std })}
                />
              </>
            )}
            <NumberField
              label="Height"
              hint="pixels"
              value={pixels.height}
              onChange={(height) => onChange({ height })}
            />
            <NumberField
              label="Width"
              hint="pixels"
              value={pixels.width}
              onChange={(width) => onChange({ width })}
            />
            <NumberField
              label="Resize first"
              hint="the shorter side to so many pixels, then the centre is cut out; 0: no"
              value={pixels.resize}
              onChange={(resize) => onChange({ resize })}
            />
            <ChoiceField
              label="Channels"
              options={CHANNELS}
              value={pixels.channels}
              onChange={(channels) => onChange({ channels })}
            />
            <ChoiceField
              label="Layout"
              options={named(['NCHW', 'NHWC'] as const)}
              value={pixels.layout}
              onChange={(layout) => onChange({ layout })}
            />
            <ChoiceField
              label="Output"
              options={OUTPUTS}
              value={pixels.output}
              onChange={(output) => onChange({ output })}
            />
          </>
        )}
      </div>
      {pixels.values !== 'file' && (
        <TextAreaField
          label="Names of the classes"
          hint="one a line, in the order of the outputs; left out: those of the data set"
          rows={3}
          value={pixels.classes}
          onChange={(classes) => onChange({ classes })}
        />
      )}
    </Folded>
  );
}
