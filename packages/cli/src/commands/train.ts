import { defaultPreprocessing, seededRandom } from '@espalier/datasets';
import { checkLabels, derivedSeed } from '@espalier/engines';
import { architectureNames, buildArchitecture, initialise, type Network } from '@espalier/network';
import { readModel } from '@espalier/pipeline';
import type { Command } from 'commander';
import { openData, terminalObserver } from '../computing.ts';
import { MisuseError } from '../failure.ts';
import { show } from '../json.ts';
import {
  askedOf,
  DATASET,
  type RecipeFlags,
  type RunOptions,
  valAsOption,
  withRecipeOptions,
  withRunOptions,
} from '../options.ts';
import { trainingText } from '../render/training.ts';
import { type FinetuneOptions, trainNetwork } from '../stages/finetuning.ts';
import { checkOutputs } from '../stages/output.ts';
import { readRecipe, SCRATCH } from '../stages/training.ts';
import type { Context } from '../terminal.ts';

const HELP = `
Architectures:
  resnet20, resnet56   He et al. 2015, for small images, with 1x1 convolutions where the shape changes
  resnet18, resnet50   He et al. 2015, for images of 224 pixels (32 or more)
  vgg16                Simonyan and Zisserman 2014, with BatchNorm and one dense layer, for small images
  mobilenetv2          Sandler et al. 2018; below 96 pixels in its variant for small images

--like MODEL takes the structure of a model without its weights: the same structure from scratch is the
baseline that a pruned network has to beat. The default recipe is that of espalier finetune (see its --help)
with ${SCRATCH.epochs} epochs, learning rate ${SCRATCH.learningRate}, a one-cycle schedule and label smoothing ${SCRATCH.labelSmoothing}.

Examples:
  espalier train resnet20 --dataset cifar10 --out resnet20.onnx
  espalier train --like half.onnx --dataset cifar10 --epochs 30 --out half-from-scratch.onnx --json`;

type Options = RunOptions & RecipeFlags & FinetuneOptions & { readonly like?: string };

export function registerTrain(program: Command, context: Context): void {
  const command = program.command('train').summary('train a network from random weights');
  command
    .description('Trains an architecture, or the structure of a model, from random weights.')
    .argument('[architecture]', architectureNames.join(', '))
    .requiredOption(...DATASET)
    .addOption(valAsOption())
    .requiredOption('--out <file>', 'the file for the trained model (.onnx)')
    .option('--like <model>', 'the structure of this model instead of an architecture');
  withRunOptions(withRecipeOptions(command))
    .addHelpText('after', HELP)
    .action((architecture: string | undefined, options: Options) =>
      trainFresh(architecture, options, context),
    );
}

async function trainFresh(
  architecture: string | undefined,
  options: Options,
  context: Context,
): Promise<void> {
  const { like, recipe: file, preprocessing } = options;
  if ((architecture === undefined) === (like === undefined)) {
    throw new MisuseError('give either an architecture or --like MODEL');
  }
  const recipe = await readRecipe(options, 'recipe', SCRATCH);
  if (recipe.distillation)
    throw new MisuseError('a recipe with distillation needs espalier finetune --distill');
  await checkOutputs({ '--out': options.out }, [like, file, preprocessing, options.dataset]);
  const network = await freshNetwork(architecture, options, context);
  const job = {
    network,
    file: like === undefined ? null : { ...askedOf(options), file: like },
    recipe,
    trained: false,
    label: 'training',
  };
  const report = await trainNetwork(job, options, context);
  const title = `${network.name} trained on ${options.dataset} from random weights`;
  show(report, options, () => trainingText(report, title));
}

async function freshNetwork(
  architecture: string | undefined,
  options: Options,
  context: Context,
): Promise<Network> {
  const random = seededRandom(derivedSeed(options.seed, 'weights', 0));
  const observer = terminalObserver(context);
  if (options.like !== undefined) {
    return initialise(await readModel({ ...askedOf(options), file: options.like }, observer), random);
  }
  const dataset = await openData(options, context, observer);
  try {
    checkLabels(dataset);
    const metadata = defaultPreprocessing(dataset);
    const [height, width] = metadata.input.size;
    const channels = metadata.input.channels === 'gray' ? 1 : 3;
    const { length: classes } = dataset.classes;
    const network = buildArchitecture(architecture ?? '', {
      classes,
      input: { channels, height, width },
      random,
    });
    return { ...network, metadata };
  } finally {
    await dataset.close();
  }
}
