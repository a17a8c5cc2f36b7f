import { type Command, Option } from 'commander';
import { printJson } from '../json.ts';
import {
  DATASET,
  MODEL,
  valAsOption,
  wholeNumber,
  withOwnMetricOptions,
  withRunOptions,
} from '../options.ts';
import { evaluationText } from '../render/evaluated.ts';
import { type EvaluateOptions, evaluateModel, evaluationReport } from '../stages/evaluating.ts';
import { type Context, print } from '../terminal.ts';

const HELP = `
Top-5 is left out below 6 classes. The loss is the mean cross-entropy in nats.

--base compares with another model, such as the unpruned one: accuracy and loss of both if the images have labels, and
how far apart their outputs are. The outputs need no labels, so a folder of images without classes works, and so do any
outputs:
  fidelity    error of each output over its root mean square in the base (0: the same, 1: as far off as a zero output)
  agreement   images whose largest class is the same
  kl          divergence of the class probabilities, in nats
  cosine      similarity of each image's vector to that of the base, for embeddings (1: the same direction)
--metric shows only one of them.

If images show several classes each (labels.csv), the metric is the mean average precision over the classes. --metric
FILE.mjs uses your own metric: docs/guide/metrics.md.

Examples:
  espalier evaluate net.onnx --dataset cifar10
  espalier evaluate half.onnx --base net.onnx --dataset cifar10
  espalier evaluate half.onnx --base net.onnx --dataset photos/ --metric fidelity
  espalier evaluate net.onnx --dataset pictures/ --split search --limit 500 --json`;

export function registerEvaluate(program: Command, context: Context): void {
  const command = program.command('evaluate').summary('measure accuracy and loss, or compare two models');
  command
    .description(
      'Measures top-1, top-5 and loss of a model on a split of a data set, or how much it differs from another model.',
    )
    .argument(...MODEL)
    .requiredOption(...DATASET)
    .addOption(valAsOption())
    .addOption(
      new Option('--split <name>', 'which images').choices(['train', 'search', 'test']).default('test'),
    )
    .option('--base <file>', 'compare with this model: its accuracy, and its outputs (.onnx)')
    .option('--limit <n>', 'only the first n images of the split', wholeNumber(1))
    .option('--batch <n>', 'images per call of the engine', wholeNumber(1));
  withRunOptions(withOwnMetricOptions(command))
    .addHelpText('after', HELP)
    .action(async (model: string, options: EvaluateOptions) => {
      const found = await evaluateModel(model, options, context);
      context.terminal.endProgress();
      if (options.json) printJson(evaluationReport(found));
      else print(evaluationText(found));
    });
}
