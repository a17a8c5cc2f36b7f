import { WRITERS, written } from '@espalier/tables';
import type { Benchmark } from './spec.ts';
import type { SectionSummary } from './summary.ts';
import { tablesOf } from './tables.ts';

/**
 * A benchmark's tables as a page.
 *
 * @param pictures files of the curves, beside the page
 */
export function markdown(
  benchmark: Benchmark,
  summaries: readonly SectionSummary[],
  pictures: ReadonlyMap<SectionSummary, string> = new Map(),
): string {
  const missing = summaries.reduce((sum, each) => sum + each.missing, 0);
  return [
    `# ${benchmark.name}`,
    '',
    `Data set ${benchmark.dataset}. Accuracies are top-1 on the whole test split; "±" is the standard deviation over replicates (other images of the search split, or another seed); without randomness there is one result and no "±". CIE is our reconstruction of the method.`,
    '',
    ...(missing > 0 ? [`Not finished: ${missing} results are missing, shown as "–".`, ''] : []),
    ...benchmark.sections.flatMap((section) => [
      `## ${section.title}`,
      '',
      conditions(section),
      '',
      ...summaries
        .filter((summary) => summary.section === section)
        .flatMap((summary) => sectionPage(summary, pictures.get(summary))),
    ]),
  ].join('\n');
}

/** Under which all strategies of a section stand, in words. */
export function conditions({
  samples,
  disjointSamples,
  seeds,
  recipe,
  recalibrate,
  repair,
  device,
}: SectionSummary['section']): string {
  const sampled = disjointSamples
    ? `${samples} images of the search split, different ones for each of ${seeds.length} replicates`
    : `${samples} images of the search split`;
  const trained = recipe
    ? `fine-tuned for ${recipe.steps === undefined ? `${recipe.epochs} epochs` : `${recipe.steps} steps`} of batches of ${recipe.batch}`
    : repair > 0
      ? 'without fine-tuning'
      : 'as cut, without fine-tuning';
  const normalised = recalibrate === null ? '' : `; BatchNorm recalibrated on ${recalibrate} training images`;
  const repaired = repair === 0 ? '' : `repaired with ${repair} training images, `;
  const timed = device === null ? '' : `; times predicted by the profile of the device ${device}`;
  return `Structures are found with ${sampled}; ${repaired}${trained}${normalised}${timed}; seeds ${seeds.join(', ')}.`;
}

function sectionPage(summary: SectionSummary, picture: string | undefined): string[] {
  const { model, missing } = summary;
  return [
    `### ${model}${missing > 0 ? ` (${missing} missing)` : ''}`,
    '',
    ...(picture ? [`![Accuracy over MACs removed](${picture})`, ''] : []),
    ...tablesOf(summary).flatMap(({ caption, heads, rows }) => [caption, '', tableOf(heads, rows), '']),
  ];
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = heads.map((head, i) => ({ key: String(i), head, right: i > 0 }));
  return written(
    WRITERS.markdown,
    columns,
    rows.map((cells) => Object.fromEntries(cells.entries())),
  ).trimEnd();
}
