import { clsx } from 'clsx';
import type { ExperimentDraft } from './plan.ts';
import { isFilledIn, type Preset } from './presets.ts';

/** Ways to begin; what is chosen fills in strategies, targets, seeds and training, and is marked as long as they are so. */
export function PresetButtons({
  presets,
  draft,
  onChoose,
}: {
  presets: readonly Preset[];
  draft: ExperimentDraft;
  onChoose: (preset: Preset) => void;
}) {
  return (
    <fieldset className="pt-2">
      <legend className="mb-2 text-ink-soft">Begin with one of these, or set everything below.</legend>
      <div className="grid gap-2 sm:grid-cols-2 xl:grid-cols-4">
        {presets.map((preset) => {
          const isChosen = isFilledIn(preset, draft);
          return (
            <button
              key={preset.name}
              type="button"
              aria-pressed={isChosen}
              onClick={() => onChoose(preset)}
              className={clsx(
                'grid content-start gap-1 rounded-md border px-3 py-2 text-left',
                isChosen ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface hover:bg-hover',
              )}
            >
              <span className="font-medium">{preset.name}</span>
              <span className="text-small text-ink-soft">{preset.words}</span>
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
