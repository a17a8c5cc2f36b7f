import { headOf } from '#src/format/quality.ts';
import { ChoiceField, NumberField } from '#src/ui/field.tsx';
import type { MetricMethod, ModelOutput } from './metrics.ts';
import type { ExperimentDraft } from './plan.ts';

/** By what networks are judged, of what fits; and how much each of several outputs counts. */
export function MetricFields({
  draft,
  metrics,
  outputs,
  errorAt,
  change,
}: {
  draft: ExperimentDraft;
  /** Those that fit, the usual one first. */
  metrics: readonly MetricMethod[];
  outputs: readonly ModelOutput[];
  errorAt: (path: string) => string | undefined;
  change: (part: Partial<ExperimentDraft>) => void;
}) {
  const chosen = metrics.find(({ name }) => name === draft.qualityMetric) ?? metrics[0];
  if (!chosen) return null;
  const { needsLabels, description, direction } = chosen;
  const compared = needsLabels ? 'needs labels' : 'needs no labels';
  return (
    <>
      <ChoiceField
        label="Judged by"
        hint={`${description}; ${direction === 'LOWER' ? 'lower' : 'higher'} is better; ${compared}`}
        error={errorAt('qualityMetric')}
        options={metrics.map((metric) => ({ id: metric.name, name: headOf(metric) }))}
        value={chosen.name}
        onChange={(qualityMetric) => change({ qualityMetric })}
      />
      {!needsLabels && outputs.length > 1 && (
        <fieldset className="grid gap-3">
          <legend className="mb-1 font-medium">How much each output counts</legend>
          {outputs.map(({ name }) => (
            <NumberField
              key={name}
              label={name}
              step="any"
              value={draft.outputWeights[name] ?? 1}
              onChange={(weight) => change({ outputWeights: { ...draft.outputWeights, [name]: weight } })}
            />
          ))}
          {errorAt('outputWeights') && <p className="text-small text-danger">{errorAt('outputWeights')}</p>}
        </fieldset>
      )}
    </>
  );
}
