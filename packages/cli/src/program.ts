import { VERSION } from '@espalier/pipeline';
import { Command } from 'commander';
import { registerBenchmark } from './commands/benchmark.ts';
import { registerConvert } from './commands/convert.ts';
import { registerDataset } from './commands/dataset.ts';
import { registerDemo } from './commands/demo.ts';
import { registerEvaluate } from './commands/evaluate.ts';
import { registerFinetune } from './commands/finetune.ts';
import { registerInspect } from './commands/inspect.ts';
import { registerMeasure } from './commands/measure.ts';
import { registerMerge } from './commands/merge.ts';
import { registerProfile } from './commands/profile.ts';
import { registerPrune } from './commands/prune.ts';
import { registerCompression } from './commands/remote/compression.ts';
import { registerDevices } from './commands/remote/devices.ts';
import { registerExperiments } from './commands/remote/experiments.ts';
import { registerExplore } from './commands/remote/explore.ts';
import { registerImport } from './commands/remote/import.ts';
import { registerLinks } from './commands/remote/links.ts';
import { registerLogin } from './commands/remote/login.ts';
import { registerModels } from './commands/remote/models.ts';
import { registerPublished } from './commands/remote/published.ts';
import { registerPush } from './commands/remote/push.ts';
import { registerRatios } from './commands/remote/ratios.ts';
import { registerReport } from './commands/remote/report.ts';
import { registerRuns } from './commands/remote/runs.ts';
import { registerServe } from './commands/remote/serve.ts';
import { registerWebhooks } from './commands/remote/webhooks.ts';
import { registerWorker } from './commands/remote/worker.ts';
import { registerRepair } from './commands/repair.ts';
import { registerSweep } from './commands/sweep.ts';
import { registerTrain } from './commands/train.ts';
import { oneLine } from './failure.ts';
import { onStderr } from './render/colour.ts';
import type { Context } from './terminal.ts';

const EXAMPLES = `
Examples:
  espalier inspect net.onnx                                what is in it, and what can be pruned
  espalier evaluate net.onnx --dataset cifar10             accuracy on the test split
  espalier sweep net.onnx --dataset cifar10                how much each channel group matters
  espalier prune net.onnx --dataset cifar10 --target macs=0.5 --out half.onnx
  espalier finetune half.onnx --dataset cifar10 --out tuned.onnx
  espalier measure half.onnx --against net.onnx            is it faster, too?
  espalier profile net.onnx --out device.json              what this device takes for layers of any width
  espalier convert half.onnx --out web/model.json          for TensorFlow.js
  espalier demo                                            all of this on ResNet-20

Environment:
  ESPALIER_HOME                    caches and stored sweep units (default: .espalier in the working folder)
  ESPALIER_ADDRESS, ESPALIER_KEY   a platform, instead of what espalier login kept
  ESPALIER_DEBUG                   set it to 1 to see where an unexpected error comes from
  NO_COLOR                         set it to have no colours

Exit codes: 0 done, 1 the input cannot be used, 2 the command line is wrong, 130 stopped.`;

export function espalier(context: Context): Command {
  const program = new Command('espalier')
    .description(
      'Prunes convolutional networks: removes whole channels, so that the rest is smaller and faster on ordinary hardware.',
    )
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'show the help of a command')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError(true)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${errorLine(text)}\n`) });
  registerInspect(program, context);
  registerEvaluate(program, context);
  registerSweep(program, context);
  registerMerge(program, context);
  registerPrune(program, context);
  registerRepair(program, context);
  registerFinetune(program, context);
  registerTrain(program, context);
  registerMeasure(program, context);
  registerProfile(program, context);
  registerConvert(program, context);
  registerDataset(program, context);
  registerBenchmark(program, context);
  registerDemo(program, context);
  program.commandsGroup('Of a platform:');
  registerServe(program, context);
  registerLogin(program);
  registerPush(program, context);
  registerModels(program, context);
  registerDevices(program, context);
  registerExperiments(program, context);
  registerRuns(program, context);
  registerExplore(program, context);
  registerCompression(program);
  registerRatios(program);
  registerReport(program);
  registerPublished(program);
  registerLinks(program);
  registerWebhooks(program);
  registerImport(program, context);
  registerWorker(program, context);
  return program;
}

function errorLine(text: string): string {
  return oneLine(text).replace(/^error:/, onStderr.red('error:'));
}
