import Link from 'next/link';
import { ProfileDifferences } from '#src/devices/profile-differences.tsx';
import { grouped } from '#src/format/numbers.ts';
import type { entriesOf } from '#src/live/entry.ts';
import { ChoiceField, NumberField, TextField } from '#src/ui/field.tsx';
import { Notice } from '#src/ui/notice.tsx';
import type { DatasetChoice, ModelChoice } from './choices.ts';
import { fewImagesWords } from './few-images.ts';
import { MetricFields } from './metric-fields.tsx';
import type { MetricMethod } from './metrics.ts';
import type { ExperimentDraft } from './plan.ts';

/** So many images are sampled, or all where there are fewer, unless a number is given. */
const USUAL_SAMPLES = 1000;

/** What is pruned, by which images it is judged and how, and how it is sampled. */
export function WhatFields({
  draft,
  models,
  datasets,
  metrics,
  entry,
  errorAt,
  change,
  isCopy,
  measures,
}: {
  draft: ExperimentDraft;
  models: readonly ModelChoice[];
  datasets: readonly DatasetChoice[];
  /** Those that fit the model and the data set. */
  metrics: readonly MetricMethod[];
  entry: ReturnType<typeof entriesOf<ExperimentDraft>>;
  errorAt: (path: string) => string | undefined;
  change: (part: Partial<ExperimentDraft>) => void;
  /** Of another experiment: then the sample may be drawn otherwise. */
  isCopy: boolean;
  /** Whether any strategy goes by measurements. */
  measures: boolean;
}) {
  const chosen = models.find(({ id }) => id === draft.modelId);
  const device = chosen?.devices.find(({ id }) => id === draft.deviceProfileId);
  const { searchImages = 0 } = datasets.find(({ id }) => id === draft.datasetId) ?? {};
  const few = fewImagesWords({
    ...{ images: draft.samples || USUAL_SAMPLES, searchImages },
    metric: (metrics.find(({ name }) => name === draft.qualityMetric) ?? metrics[0])?.name ?? '',
  });
  return (
    <>
      <div className="grid gap-4 pt-2 sm:grid-cols-2">
        <TextField label="Name" placeholder="Half the MACs of ResNet-20" required {...entry('name')} />
        <ChoiceField
          label="Model"
          options={models}
          {...entry('modelId')}
          onChange={(modelId) =>
            change({
              modelId,
              outputWeights: {},
              limits: { ...draft.limits, keep: [] },
              ...on(draft, ''),
            })
          }
        />
        {chosen && chosen.devices.length > 0 && (
          <ChoiceField
            label="Device"
            hint="by whose profile latency is known: it may be a target, and stands in the results"
            options={[{ id: '', name: 'none' }, ...chosen.devices]}
            {...entry('deviceProfileId')}
            onChange={(id) => change(on(draft, id))}
          />
        )}
        <ChoiceField label="Data set" options={datasets} {...entry('datasetId')} />
        <MetricFields
          draft={draft}
          metrics={metrics}
          outputs={chosen?.outputs ?? []}
          errorAt={errorAt}
          change={change}
        />
        <NumberField
          label="Images per measurement"
          hint="of the search split; left empty, 1,000 or all where there are fewer"
          placeholder={grouped(Math.min(USUAL_SAMPLES, searchImages))}
          {...entry('samples')}
          // 0 is no number of images: it is none given.
          value={draft.samples || ''}
        />
        {isCopy && (
          <NumberField
            label="Seed of the sample"
            hint="another one draws other images"
            {...entry('sampleSeed', 'seed')}
          />
        )}
        <TextField
          label="Cut sizes to test"
          hint="shares of a layer: first:last:step, or a list such as 0.25,0.5,0.75"
          {...entry('grid')}
        />
      </div>
      {measures && few && (
        <div className="pt-3">
          <Notice>{few}</Notice>
        </div>
      )}
      {device && device.differences !== null && device.differences.length > 0 && (
        <div className="pt-3">
          <ProfileDifferences differences={device.differences} />
        </div>
      )}
      {chosen?.saysNothingOfPixels && (
        <div className="pt-3">
          <Notice>
            {chosen.name} does not say how pixels become its input: the usual values of the data set are
            taken, which may cost it its accuracy.{' '}
            <Link href={`/models/${chosen.id}#preprocessing`} className="underline">
              Say how it was trained
            </Link>
            .
          </Notice>
        </div>
      )}
    </>
  );
}

/** On another device, or none: then latency is no target. */
function on({ metric, milliseconds }: ExperimentDraft, deviceProfileId: string): Partial<ExperimentDraft> {
  if (deviceProfileId !== '') return { deviceProfileId, metric, milliseconds };
  return { deviceProfileId, metric: metric === 'LATENCY' ? 'MACS' : metric, milliseconds: [] };
}
