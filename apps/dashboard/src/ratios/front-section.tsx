import { grouped, plural } from '#src/format/numbers.ts';
import { ExportMenu } from '#src/ui/export-menu.tsx';
import { Section } from '#src/ui/section.tsx';
import { FrontPart } from './front-part.tsx';
import type { Front } from './ratios-query.ts';
import { type RatiosView, ratiosExportUrl } from './view.ts';

/** The runs that no other one beats, over all models. */
export function FrontSection({
  front: { points, count, networks, grounds },
  view,
  ratioName,
}: {
  front: Front;
  view: RatiosView;
  ratioName: string;
}) {
  const there = points.flatMap(({ run, ...point }) => (run ? [{ ...point, run }] : []));
  return (
    <Section
      title="Pareto front over all models"
      aside={
        there.length > 0 && (
          <ExportMenu of="front" one="run" url={(format) => ratiosExportUrl(view, 'front', format)} />
        )
      }
    >
      {there.length === 0 ? (
        <p className="py-2 text-ink-soft">
          No run has both: a ratio of {ratioName} and top-1 on the test split, before and after.{' '}
          {view.metric === 'latency' || view.metric === 'throughput'
            ? 'Choose a ratio that every run has, or start runs on a worker that measures.'
            : 'Runs that are evaluated come here.'}
        </p>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
          <FrontPart front={there} ratioName={ratioName} />
          <p className="max-w-3xl text-small text-ink-soft">
            {count > points.length &&
              `Of ${plural(count, 'run')} on the front the ${grouped(points.length)} with the largest ratio are shown. `}
            Of {plural(networks, 'different network')} no other one is at least as good in ratio and in
            accuracy, and better in one. Each is told against its own base, the cross, so that models of any
            size meet.
            {grounds > 1 &&
              ` They stand on ${grounds} grounds (starting networks, data sets, test images, recipes, recalibrations, repairs): the front says what was reached, and ranks no strategies.`}
          </p>
        </div>
      )}
    </Section>
  );
}
