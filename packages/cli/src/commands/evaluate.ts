import type { SplitName } from '@espalier/datasets';
import { type Evaluation, evaluate } from '@espalier/engines';
import { counting, onBench, provenance, readModel } from '@espalier/pipeline';
import { type Command, Option } from 'commander';
import { dataOf, terminalObserver, workplaceOf } from '../computing.ts';
import { printJson } from '../json.ts';
import {
  DATASET,
  type DataOptions,
  MODEL,
  type RunOptions,
  valAsOption,
  wholeNumber,
  withRunOptions,
} from '../options.ts';
import { onStdout } from '../render/colour.ts';
import { count, duration, loss, percent } from '../render/units.ts';
import { type Context, print } from '../terminal.ts';

const HELP = `
Top-5 is left out below 6 classes. The loss is the mean cross-entropy in nats.

Examples:
  espalier evaluate net.onnx --dataset cifar10
  espalier evaluate net.onnx --dataset pictures/ --split search --limit 500 --json`;

interface EvaluateOptions extends RunOptions, DataOptions {
  readonly split: SplitName;
  readonly limit?: number;
  readonly batch?: number;
}

export function registerEvaluate(program: Command, context: Context): void {
  const command = program.command('evaluate').summary('measure accuracy and loss');
  command
    .description('Measures top-1, top-5 and loss of a model on a split of a data set.')
    .argument(...MODEL)
    .requiredOption(...DATASET)
    .addOption(valAsOption())
    .addOption(
      new Option('--split <name>', 'which images').choices(['train', 'search', 'test']).default('test'),
    )
    .option('--limit <n>', 'only the first n images of the split', wholeNumber(1))
    .option('--batch <n>', 'images a call of the engine', wholeNumber(1));
  withRunOptions(command)
    .addHelpText('after', HELP)
    .action((model: string, options: EvaluateOptions) => evaluateModel(model, options, context));
}

async function evaluateModel(model: string, options: EvaluateOptions, context: Context): Promise<void> {
  const [place, observer] = [workplaceOf(options, context), terminalObserver(context)];
  const read = await readModel(model, options.preprocessing ?? null, observer);
  const { split, limit, batch, seed } = options;
  await onBench(read, dataOf(options), place, observer, async ({ network, dataset, engine }) => {
    const { signal } = context;
    const onProgress = counting(observer, 'evaluating');
    const result = await evaluate(engine, network, dataset, split, { limit, batch, signal, onProgress });
    context.terminal.endProgress();
    if (options.json) {
      const { hits: _, ...scores } = result;
      printJson({ ...scores, split, provenance: provenance({ network, dataset, engine, seed }) });
      return;
    }
    print(evaluationText(result, `${network.name} on ${dataset.name}, ${split} split`));
    print(onStdout.dim(`in ${duration(result.seconds)}, ${engine.description}`));
  });
}

function evaluationText({ top1, top5, loss: nats, n }: Evaluation, title: string): string {
  return [
    `${title}, ${count(n)} images`,
    `top-1   ${percent(top1, n)}`,
    ...(top5 === null ? [] : [`top-5   ${percent(top5, n)}`]),
    `loss    ${loss(nats)}`,
  ].join('\n');
}
