import { isRecipeName } from '@espalier/engines';
import { readModel } from '@espalier/pipeline';
import type { Command } from 'commander';
import { dataOf, terminalObserver, workplaceOf } from '../computing.ts';
import { MisuseError } from '../failure.ts';
import { show } from '../json.ts';
import { RECIPE_LIST } from '../methods.ts';
import {
  askedOf,
  DATASET,
  MODEL,
  type RecipeFlags,
  type RunOptions,
  valAsOption,
  withRecipeOptions,
  withRunOptions,
} from '../options.ts';
import { trainingText } from '../render/training.ts';
import { type FinetuneOptions, trainNetwork } from '../stages/finetuning.ts';
import { checkOutputs } from '../stages/output.ts';
import { readRecipe } from '../stages/training.ts';
import type { Context } from '../terminal.ts';

const HELP = `
Trains on the training split, evaluates each epoch on the search split, and uses the test split only before and after.
A line says if the result is no better than the given model.

Recipes:
${RECIPE_LIST}
With --distill all of them also learn from the unpruned network. The default is SGD with Nesterov momentum, 10 epochs,
a learning rate of 0.03 with a cosine schedule, random crops and flips. A recipe can also be a JSON file, which may
start from "name": "quick"; missing fields have their defaults, and flags override them:

  { "epochs": 20, "learningRate": 0.1, "warmup": 0.1, "schedule": { "kind": "one-cycle" },
    "optimiser": { "kind": "sgd", "momentum": 0.9, "nesterov": true, "weightDecay": 0.0005 },
    "labelSmoothing": 0.05, "augmentation": { "crop": 4, "flip": true }, "clipNorm": 1,
    "averaging": 0.999, "distillation": { "temperature": 4, "weight": 0.5 }, "recalibration": 2000 }

Schedules: constant, step, cosine, one-cycle. Optimisers: sgd, adam. You can stop it at any moment: the same
command continues from the last checkpoint and ends with the same weights.

Examples:
  espalier finetune half.onnx --dataset cifar10 --out half-tuned.onnx
  espalier finetune half.onnx --dataset cifar10 --recipe quick --distill net.onnx --out tuned.onnx
  espalier finetune half.onnx --dataset cifar10 --epochs 20 --lr 0.1 --distill net.onnx --out tuned.onnx
  espalier finetune folded.onnx --dataset pictures/ --unfold-bn --recipe recipe.json --out tuned.onnx --json`;

type Options = RunOptions & RecipeFlags & FinetuneOptions & { readonly distill?: string };

export function registerFinetune(program: Command, context: Context): void {
  const command = program.command('finetune').summary('train a pruned model to win back accuracy');
  command
    .description('Trains a model further, usually a pruned one.')
    .argument(...MODEL)
    .requiredOption(...DATASET)
    .addOption(valAsOption())
    .requiredOption('--out <file>', 'the file for the trained model (.onnx)');
  withRecipeOptions(command)
    .option('--distill <model>', "also learn from this model's outputs, usually the unpruned one")
    .option(
      '--unfold-bn',
      'restore BatchNorm that was folded into convolutions, and fold it again at the end',
    );
  withRunOptions(command)
    .addHelpText('after', HELP)
    .action((model: string, options: Options) => finetune(model, options, context));
}

async function finetune(model: string, options: Options, context: Context): Promise<void> {
  const { distill, recipe: file, preprocessing } = options;
  const defaults = distill === undefined ? {} : { distillation: {} };
  let recipe = await readRecipe(options, 'recipe', defaults);
  if (recipe.distillation && distill === undefined) {
    if (!isRecipeName(file))
      throw new MisuseError('the recipe uses distillation: name the teacher with --distill');
    context.terminal.warn(
      `recipe ${file} also learns from the unpruned network: skipped, since --distill is missing`,
    );
    recipe = { ...recipe, distillation: undefined };
  }
  const inputs = [model, distill, file, preprocessing, options.dataset];
  await checkOutputs({ '--out': options.out }, inputs);
  const observer = terminalObserver(context);
  const given = { ...askedOf(options), file: model };
  const images = { data: dataOf(options), place: workplaceOf(options, context) };
  const network = await readModel(given, observer, images);
  const { input, set, output } = options;
  const teacher =
    distill === undefined
      ? undefined
      : await readModel({ file: distill, input, set, output }, observer, images);
  const job = { network, file: given, recipe, teacher, trained: true, label: 'fine-tuning' };
  const report = await trainNetwork(job, options, context);
  show(report, options, () => trainingText(report, `${network.name} fine-tuned on ${options.dataset}`));
}
