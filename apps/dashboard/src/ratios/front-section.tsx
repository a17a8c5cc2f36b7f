import type { Metric } from '#src/compression/view.ts';
import { grouped, plural } from '#src/format/numbers.ts';
import { ExportMenu } from '#src/ui/export-menu.tsx';
import { Section } from '#src/ui/section.tsx';
import { FrontPart } from './front-part.tsx';
import type { Front } from './ratios-query.ts';
import { frontExportUrl, type RatiosView } from './view.ts';

/** What to do where no run has a ratio. */
const NEXT_STEPS: Partial<Readonly<Record<Metric, string>>> = {
  latency: 'Choose a ratio that every run has, or start runs on a worker that measures.',
  throughput: 'Choose a ratio that every run has, or start runs on a worker that measures.',
  predicted: 'Choose a ratio that every run has, or create an experiment with a device profile.',
};

/** The runs that no other one beats, over all models. */
export function FrontSection({
  front: { qualityMetric: metric, judged, points, count, networks, grounds, unknown },
  view,
  ratioName,
}: {
  front: Front;
  view: RatiosView;
  ratioName: string;
}) {
  const others = judged.filter(({ qualityMetric: { name } }) => name !== metric.name);
  const there = points.flatMap(({ run, ...point }) => (run ? [{ ...point, run }] : []));
  return (
    <Section
      title="Pareto front over all models"
      aside={
        there.length > 0 && (
          <ExportMenu of="front" one="run" url={(format) => frontExportUrl(view, metric, format)} />
        )
      }
    >
      {there.length === 0 ? (
        <p className="py-2 text-ink-soft">
          No run has both: a ratio of {ratioName} and {metric.label} on the test split, before and after.{' '}
          {NEXT_STEPS[view.metric] ?? 'Runs that are evaluated come here.'}
        </p>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
          <FrontPart front={there} ratioName={ratioName} cost={view.metric} metric={metric} />
          <p className="max-w-3xl text-small text-ink-soft">
            {count > points.length &&
              `Of ${plural(count, 'run')} on the front the ${grouped(points.length)} with the largest ratio are shown. `}
            Of {plural(networks, 'different network')} no other one is at least as good in ratio and in{' '}
            {metric.label}, and better in one. Each is told against its own base, the cross, so that models of
            any size meet.
            {grounds > 1 &&
              ` They stand on ${grounds} grounds (starting networks, data sets, test images, evaluators, recipes, recalibrations, repairs${view.metric === 'predicted' ? ', devices' : ''}): the front says what was reached, and ranks no strategies.`}
            {unknown > 0 &&
              ` ${plural(unknown, 'run')} of unknown ratio or change ${unknown === 1 ? 'is' : 'are'} left out${view.metric === 'predicted' ? ': no device profile tells their time' : ''}.`}
          </p>
        </div>
      )}
      {others.length > 0 && (
        <p className="mt-2 max-w-3xl text-small text-ink-soft">
          A front is by one metric: left out are{' '}
          {others
            .map(({ qualityMetric: { label }, runs }) => `${plural(runs, 'run')} judged by ${label}`)
            .join(', ')}
          . Choose the metric above to see theirs.
        </p>
      )}
    </Section>
  );
}
