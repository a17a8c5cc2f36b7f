'use client';

import { ChoiceField, NumberField, TextAreaField, TextField } from '#src/ui/field.tsx';
import { named } from '#src/ui/named.ts';
import type { Fit, Pixels, Values } from './pixels.ts';

const VALUES: readonly { readonly id: Exclude<Values, 'file'>; readonly name: string }[] = [
  { id: 'imagenet', name: 'mean and deviation of ImageNet' },
  { id: 'unit', name: '0 to 1' },
  { id: 'signed', name: '−1 to 1' },
  { id: 'bytes', name: '0 to 255' },
  { id: 'own', name: 'own mean and deviation' },
];

const FITS: readonly { readonly id: Fit; readonly name: string }[] = [
  { id: 'stretch', name: 'scale to height and width' },
  { id: 'crop', name: 'scale, then cut out the centre' },
  { id: 'letterbox', name: 'letterbox: all of it, with a border' },
];

const CHANNELS = [
  { id: 'RGB', name: 'red, green, blue' },
  { id: 'BGR', name: 'blue, green, red' },
  { id: 'gray', name: 'grey' },
] as const;

const OUTPUTS = [
  { id: 'logits', name: 'logits' },
  { id: 'probabilities', name: 'probabilities (softmax)' },
] as const;

/**
 * How pixels become a network's input.
 *
 * @param unsaid what it means that nothing is said here
 */
export function PixelsFields({
  pixels,
  unsaid,
  onChange,
}: {
  pixels: Pixels;
  unsaid: string;
  onChange: (part: Partial<Pixels>) => void;
}) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <ChoiceField
          label="Values"
          options={[{ id: 'file', name: unsaid }, ...VALUES]}
          value={pixels.values}
          onChange={(values) => onChange({ values })}
        />
        {pixels.values === 'own' && <OwnValues pixels={pixels} onChange={onChange} />}
        {pixels.values !== 'file' && (
          <>
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
            <ChoiceField
              label="Images of another size"
              options={FITS}
              value={pixels.fit}
              onChange={(fit) => onChange({ fit })}
            />
            {pixels.fit === 'crop' && (
              <NumberField
                label="Resize first"
                hint="the shorter side to so many pixels"
                value={pixels.resize}
                onChange={(resize) => onChange({ resize })}
              />
            )}
            {pixels.fit === 'letterbox' && (
              <TextField
                label="Border colour"
                hint="0 to 255, one number or one a channel, red first"
                value={pixels.border}
                onChange={(border) => onChange({ border })}
              />
            )}
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
    </>
  );
}

function OwnValues({ pixels, onChange }: { pixels: Pixels; onChange: (part: Partial<Pixels>) => void }) {
  return (
    <>
      <TextField
        label="Scale"
        hint="a pixel is 0 to 255; it is multiplied by this first"
        value={pixels.scale}
        onChange={(scale) => onChange({ scale })}
      />
      <TextField
        label="Mean"
        hint="is subtracted then; one number a channel"
        value={pixels.mean}
        onChange={(mean) => onChange({ mean })}
      />
      <TextField
        label="Deviation"
        hint="divides the rest; one number a channel"
        value={pixels.std}
        onChange={(std) => onChange({ std })}
      />
    </>
  );
}
