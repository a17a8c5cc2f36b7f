// What goes along with a network that is shipped: what it is, how good it is, how it was made and how it is used.
import { bytes, count, milliseconds, times } from '#src/format/numbers.ts';
import { changeOf, changeText, type QualityMetric, valueText } from '#src/format/quality.ts';
import { targetWords } from '#src/format/strategies.ts';
import { recipeWords } from '#src/settings/recipe-words.ts';

interface Costs {
  readonly params: number | null;
  readonly macs: number | null;
  readonly bytes: number | null;
  readonly latencyMs: number | null;
}

/** A finished run, as far as a card tells of it. */
export interface CardRun {
  readonly id: string;
  readonly name: string;
  readonly allocation: string;
  readonly criterion: string;
  readonly metric: string;
  readonly share: number;
  readonly targetMs: number | null;
  readonly seed: number;
  readonly notes: string;
  readonly finishedAt: string | null;
  readonly shipped: {
    readonly shippedAt: string;
    readonly shippedBy: { readonly name: string } | null;
  } | null;
  readonly experiment: {
    readonly name: string;
    readonly repair: number | null;
    readonly recipe: Parameters<typeof recipeWords>[0];
    readonly qualityMetric: QualityMetric;
    readonly model: { readonly name: string; readonly networkHash: string };
    readonly dataset: { readonly name: string; readonly hash: string };
  };
  readonly result: Costs & {
    readonly sha256: string | null;
    readonly networkHash: string | null;
    readonly value: number | null;
    readonly valueDrop: number | null;
    readonly images: number | null;
    readonly base: Costs & { readonly value: number | null };
    readonly ratio: {
      readonly params: number | null;
      readonly macs: number | null;
      readonly bytes: number | null;
      readonly latency: number | null;
    };
    readonly provenance: { readonly engine: string | null; readonly cpu: string | null } | null;
    readonly usage: { readonly python: string; readonly javascript: string } | null;
  };
}

/** A model card as markdown. */
export function modelCard(run: CardRun): string {
  const { experiment, result } = run;
  const { model, dataset, qualityMetric: metric } = experiment;
  const parts = [
    `# ${inLine(model.name)}, pruned: ${inLine(run.name)}`,
    `${inLine(model.name)} with fewer channels. It was made by Espalier in the experiment "${inLine(experiment.name)}".`,
    shippedWords(run),
    '## Results',
    table(
      ['', 'Before', 'After', 'Change'],
      [
        [
          metric.label,
          valueText(metric, result.base.value),
          valueText(metric, result.value),
          changeText(metric, changeOf(metric, result.valueDrop)),
        ],
        ...costRows(result),
      ],
    ),
    measuredWords(run),
    '## How it was made',
    list([
      ['Network', `${inLine(model.name)} (hash ${model.networkHash})`],
      ['Data set', `${inLine(dataset.name)} (hash ${dataset.hash})`],
      ['Strategy', `allocation ${run.allocation}, criterion ${run.criterion}`],
      ['To remove', targetWords(run)],
      ['Seed', String(run.seed)],
      ['Repair', experiment.repair ? `${experiment.repair} images` : 'none'],
      ['Fine-tuning', recipeWords(experiment.recipe)],
      ['Finished', run.finishedAt ?? 'unknown'],
      ['Run', run.id],
      ['Hash of the network', result.networkHash ?? 'unknown'],
      ['SHA-256 of the file', result.sha256 ?? 'unknown'],
    ]),
    ...usageParts(result.usage),
    ...(run.notes.trim() === '' ? [] : ['## Notes', run.notes.trim()]),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function costRows({ base, ratio, ...now }: CardRun['result']): string[][] {
  const rows = [
    ['MACs for one image', count(base.macs), count(now.macs), smaller(ratio.macs)],
    ['Parameters', count(base.params), count(now.params), smaller(ratio.params)],
    ['File', bytes(base.bytes), bytes(now.bytes), smaller(ratio.bytes)],
    [
      'Latency of one image',
      milliseconds(base.latencyMs),
      milliseconds(now.latencyMs),
      ratio.latency === null ? '' : `${times(ratio.latency, 1)} as fast`,
    ],
  ];
  return rows.filter(([, , after]) => after !== '–');
}

function smaller(ratio: number | null): string {
  return ratio === null ? '' : `${times(ratio, 1)} smaller`;
}

function shippedWords({ shipped }: CardRun): string {
  if (!shipped) return '';
  const by = shipped.shippedBy ? ` by ${inLine(shipped.shippedBy.name)}` : '';
  return `Marked as shipped on ${shipped.shippedAt.slice(0, 10)}${by}.`;
}

function measuredWords({ result, experiment }: CardRun): string {
  const images = result.images === null ? 'the test split' : `${result.images} images of the test split`;
  const { engine, cpu } = result.provenance ?? {};
  const on =
    engine && cpu ? ` Latency was measured with ${engine} on ${inLine(cpu)}, beside the network before.` : '';
  return `Judged by ${experiment.qualityMetric.label} on ${images} of ${inLine(experiment.dataset.name)}.${on}`;
}

function usageParts(usage: CardRun['result']['usage']): string[] {
  if (!usage) return [];
  return ['## How to use it', fenced('python', usage.python), fenced('javascript', usage.javascript)];
}

/** With more backticks than there are in it. */
function fenced(language: string, code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code.trimEnd()}\n${fence}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function list(facts: readonly (readonly [name: string, value: string])[]): string {
  return facts.map(([name, value]) => `- ${name}: ${value}`).join('\n');
}

/** Names come from people: they stay in their line, and are no markup. */
function inLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, '\\$&');
}
