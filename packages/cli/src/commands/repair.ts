import type { Command } from 'commander';
import { show } from '../json.ts';
import { DATASET, type JsonOption, MODEL, valAsOption, wholeNumber, withRunOptions } from '../options.ts';
import { repairText } from '../render/repaired.ts';
import { checkOutputs } from '../stages/output.ts';
import { type RepairOptions, repairModel } from '../stages/repairing.ts';
import type { Context } from '../terminal.ts';

const HELP = `
Fits the weights of the layers after a cut to the remaining inputs: by least squares, from images of the training split,
without labels and without training. espalier prune does this by default; use this command for a file that was cut with
--repair 0 or elsewhere, if its weights have not changed since. A comparison with the base finds the remaining channels.

Examples:
  espalier repair half.onnx --base net.onnx --dataset cifar10 --out repaired.onnx
  espalier repair half.onnx --base net.onnx --dataset pictures/ --images 500 --out repaired.onnx --json`;

type Options = RepairOptions & JsonOption;

export function registerRepair(program: Command, context: Context): void {
  const command = program.command('repair').summary('adjust the layers after a cut, without training');
  command
    .description('Repairs a pruned model with the help of the unpruned one.')
    .argument(...MODEL)
    .requiredOption('--base <file>', 'the unpruned model (.onnx)')
    .requiredOption(...DATASET)
    .addOption(valAsOption())
    .requiredOption('--out <file>', 'the file for the repaired model (.onnx)')
    .option(
      '--images <n>',
      'images of the training split (default: 2000, or all if there are fewer)',
      wholeNumber(2),
    );
  withRunOptions(command)
    .addHelpText('after', HELP)
    .action(async (model: string, options: Options) => {
      const inputs = [model, options.base, options.preprocessing, options.dataset];
      await checkOutputs({ '--out': options.out }, inputs);
      const report = await repairModel(model, options, context);
      context.terminal.endProgress();
      show(report, options, repairText);
    });
}
