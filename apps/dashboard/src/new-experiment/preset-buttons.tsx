import type { Preset } from './presets.ts';

/** Ways to begin; what is chosen fills in strategies, targets, seeds and training. */
export function PresetButtons({
  presets,
  onChoose,
}: {
  presets: readonly Preset[];
  onChoose: (preset: Preset) => void;
}) {
  return (
    <fieldset className="pt-2">
      <legend className="sr-only">Begin with</legend>
      <div className="grid gap-2 sm:grid-cols-2 xl:grid-cols-4">
        {presets.map((preset) => (
          <button
            key={preset.name}
            type="button"
            onClick={() => onChoose(preset)}
            className="grid content-start gap-1 rounded-md border border-line-strong bg-surface px-3 py-2 text-left hover:bg-hover"
          >
            <span className="font-medium">{preset.name}</span>
            <span className="text-small text-ink-soft">{preset.words}</span>
          </button>
        ))}
      </div>
    </fieldset>
  );
}
