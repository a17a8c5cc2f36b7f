'use client';

import { ChoiceField, NumberField, TextAreaField, TextField } from '#src/ui/field.tsx';
import { named } from '#src/ui/named.ts';
import { chosenValues, PRESET_NAMES, PRESETS } from './pixel-presets.ts';
import type { Fit, Pixels } from './pixels.ts';

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
      <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
        {/* As wide as its longest choice. */}
        <div className="sm:col-span-2">
          <ChoiceField
            label="Values"
            hint="what the network was trained with"
            options={[{ id: 'file', name: unsaid }, ...PRESET_NAMES, { id: 'own', name: 'Own' }]}
            value={pixels.values}
            onChange={(values) => onChange(chosenValues(values, pixels.values))}
          />
        </div>
        {pixels.values !== 'file' && (
          <>
            <ValueFields pixels={pixels} onChange={(part) => onChange({ values: 'own', ...part })} />
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

/** The numbers of the preset, or own ones. */
function ValueFields({ pixels, onChange }: { pixels: Pixels; onChange: (part: Partial<Pixels>) => void }) {
  const { scale, mean, std } = PRESETS.imagenet;
  return (
    <div className="grid gap-4 sm:col-span-2 sm:grid-cols-3 xl:col-span-4">
      <TextField
        label="Scale"
        hint="a pixel is 0 to 255; it is multiplied by this first"
        placeholder={scale}
        value={pixels.scale}
        onChange={(given) => onChange({ scale: given })}
      />
      <TextField
        label="Mean"
        hint="is subtracted then; one number, or one a channel"
        placeholder={mean}
        value={pixels.mean}
        onChange={(given) => onChange({ mean: given })}
      />
      <TextField
        label="Deviation"
        hint="divides the rest; one number, or one a channel"
        placeholder={std}
        value={pixels.std}
        onChange={(given) => onChange({ std: given })}
      />
    </div>
  );
}
