import { recipeNames } from '@espalier/engines';
import { allocationNames, findAllocation, TARGET_FORMS } from '@espalier/pruning';
import type { Command } from 'commander';
import { MisuseError } from '../failure.ts';
import { show } from '../json.ts';
import { ALLOCATION_LIST, BY_IMAGES, CRITERION_LIST } from '../methods.ts';
import {
  DATASET,
  finetuneValue,
  type JsonOption,
  MODEL,
  RECALIBRATE,
  REPAIR,
  targetValue,
  valAsOption,
  wholeNumber,
  withAllocationOptions,
  withComputeOptions,
  withJson,
  withModelOptions,
  withSweepOptions,
} from '../options.ts';
import { pruneText } from '../render/pruned.ts';
import { checkOutputs } from '../stages/output.ts';
import { type PruneOptions, pruneModel } from '../stages/pruning.ts';
import type { Context } from '../terminal.ts';

const HELP = `
The target is the share to remove: macs=0.5 halves the multiply-accumulates, params=0.5 the parameters, latency=0.5 the
latency on a device, and latency=2.5ms is the latency to reach. Latency needs a profile of the device (espalier profile).
On the device itself the result is measured beside the original model; if it misses the target by more than 5 %, the
search is repeated, at most twice. The written model is physically smaller: no masks. Accuracies are measured on the
whole test split, before and after.

Allocations:
${ALLOCATION_LIST}
  manual(...)       your own ratios, 'manual(conv1=0.2;layer3.*=0.6)', where * matches anything. With --target, one factor
                    scales them all to meet it; without it they are used unchanged. Other groups stay whole

cie and cie-proportional are our reconstruction of the binary search of cross-layer importance evaluation, whose
paper leaves the details open; the rounds are our own extension. They use a sweep: their
own (stored and continued, like that of espalier sweep), or that of --sweep FILE. With --rounds (and for cie-iterative)
the remaining cost falls in that many equal steps, and --recover trains the network between them; the result is compared
with the original network.

With a data set the layers after the cut are repaired: least squares fits their weights to the remaining inputs. This
takes seconds and training images without labels, and gains more than a short fine-tuning. Layers that cannot be
repaired are named; --repair 0 turns it off. In rounds every cut is repaired.

--finetune quick, standard or long trains the result, and also learns from the original model. A line says if training is
too short to pay after a repair, or if it gained nothing over the repaired network.

Criteria:
${CRITERION_LIST}
${BY_IMAGES} need --dataset, or --sweep FILE. The scores of the layers of a coupled group are added; l1:mean takes
their mean, l1:max the largest.

Examples:
  espalier prune net.onnx --dataset cifar10 --target macs=0.5 --out half.onnx
  espalier prune net.onnx --dataset cifar10 --target macs=0.5 --repair 5000 --out half.onnx
  espalier prune net.onnx --dataset cifar10 --target macs=0.5 --finetune standard --out tuned.onnx
  espalier prune net.onnx --dataset cifar10 --target macs=0.7 --rounds 4 --recover steps=200 --out small.onnx
  espalier prune net.onnx --dataset cifar10 --target macs=0.5 --criterion taylor:mean --out half.onnx
  espalier prune net.onnx --dataset cifar10 --profile device.json --target latency=0.5 --out fast.onnx
  espalier prune net.onnx --sweep net.sweep.json --target params=0.7 --align 8 --out small.onnx
  espalier prune net.onnx --allocation uniform --target macs=0.5 --keep conv1 --out half.onnx
  espalier prune net.onnx --allocation 'manual(layer2.*=0.3;layer3.*=0.5)' --out mine.onnx`;

type Options = PruneOptions & JsonOption;

export function registerPrune(program: Command, context: Context): void {
  const command = program.command('prune').summary('remove channels until a target is met');
  command
    .description('Removes whole channels until a share of the MACs, parameters or latency is gone.')
    .argument(...MODEL)
    .option('--target <metric=share>', `what to remove: ${TARGET_FORMS}`, targetValue)
    .option('--profile <file>', 'a device profile, to predict latency (espalier profile --out)')
    .requiredOption('--out <file>', 'the file for the pruned model (.onnx; .json for TensorFlow.js)')
    .option(...DATASET)
    .addOption(valAsOption());
  withAllocationOptions(command)
    .option('--sweep <file>', 'use an earlier sweep (espalier sweep --out)')
    .option(
      '--finetune <settings>',
      `then train it: ${recipeNames.join(', ')}; or epochs=10, steps, batch, lr, recipe=FILE (see espalier finetune)`,
      finetuneValue,
    )
    .option(
      '--rounds <n>',
      'sample and cut in this many rounds, each from the previous result',
      wholeNumber(1),
    )
    .option('--recover <settings>', 'train between the rounds: quick,steps=200, as --finetune', finetuneValue)
    .option('--teacher <file>', 'the teacher of recipes with distillation (default: the unpruned model)')
    .option('--measure', 'then measure latency and throughput, beside the original model')
    .option('--checkpoint-every <n>', 'training steps between checkpoints', wholeNumber(1), 200)
    .option('--repair <n>', REPAIR, wholeNumber(0))
    .option('--recalibrate <n>', RECALIBRATE, wholeNumber(1));
  withModelOptions(withComputeOptions(withSweepOptions(withJson(command))))
    .addHelpText('after', HELP)
    .action(async (model: string, options: Options) => {
      if (options.target === undefined && allocationNames.includes(findAllocation(options.allocation).name)) {
        throw new MisuseError(`say how much to remove: --target as ${TARGET_FORMS}`);
      }
      warnOfIgnored(command, options, context);
      const inputs = [
        model,
        options.sweep,
        options.profile,
        options.preprocessing,
        options.dataset,
        options.teacher,
      ];
      await checkOutputs({ '--out': options.out }, inputs);
      const report = await pruneModel(model, options, context);
      context.terminal.endProgress();
      show(report, options, pruneText);
    });
}

/** A sweep that is given says how it was sampled. */
function warnOfIgnored(command: Command, { sweep }: Options, { terminal }: Context): void {
  if (sweep === undefined) return;
  const given = ['grid', 'samples', 'skip', 'weight', 'naive', 'fresh'].filter(
    (name) => command.getOptionValueSource(name) === 'cli',
  );
  if (given.length > 0) {
    terminal.warn(
      `${given.map((name) => `--${name}`).join(', ')} ignored: the file of --sweep has these settings`,
    );
  }
}
