import path from 'node:path';
import type { Command } from 'commander';
import { runDemo } from '../demo/demo.ts';
import { NOTE, REPAIR_IMAGES, SAMPLES, SHARES } from '../demo/settings.ts';
import { printJson } from '../json.ts';
import { type ComputeOptions, type JsonOption, withComputeOptions, withJson } from '../options.ts';
import { onStderr, onStdout } from '../render/colour.ts';
import { demoText } from '../render/demo.ts';
import { heatMap } from '../render/heat-map.ts';
import { heatMapText } from '../render/heat-map-terminal.ts';
import { count } from '../render/units.ts';
import { type Context, print } from '../terminal.ts';

const HELP = `
Takes the ResNet-20 that ships with Espalier and CIFAR-10, samples it (${count(SAMPLES)} search images), prunes it by
${SHARES.map((share) => `${share * 100} %`).join(' and ')} of its MACs with cie, cie-proportional and the baselines uniform, global and random, and
tests and times every result: as cut, and repaired with ${count(REPAIR_IMAGES)} training images. You can stop it:
samples are kept.

${NOTE.replace(/(.{1,110})(\s|$)/g, '$1\n').trim()}

Writes pruned models, results.json, sweep.json and heatmap.svg into the folder of --out.

Examples:
  espalier demo
  espalier demo --out /tmp/demo --json`;

type Options = ComputeOptions & JsonOption & { readonly out: string };

export function registerDemo(program: Command, context: Context): void {
  const command = program.command('demo').summary('prune ResNet-20 on CIFAR-10, from start to end');
  command
    .description('Shows the method at work on a small network, in a few minutes.')
    .option('--out <folder>', 'the folder for models and results', 'espalier-demo');
  withComputeOptions(withJson(command))
    .addHelpText('after', HELP)
    .action((options: Options) => demo(options, context));
}

async function demo(options: Options, context: Context): Promise<void> {
  const { terminal } = context;
  let stage = 0;
  const results = await runDemo(options, context, {
    onStage: (text) => {
      stage += 1;
      terminal.say(`${onStderr.green(`${stage}.`)} ${text}`);
    },
    onSampled: (run, widths) => {
      if (options.json) return;
      const map = heatMap(run, widths);
      print(
        `\n${onStdout.bold('Contribution')} of each channel group to the damage, by the share of its units removed\n${heatMapText(map)}\n`,
      );
    },
  });
  if (options.json) printJson(results);
  else print(`\n${demoText(results)}\n\nwritten to ${path.relative('', options.out) || '.'}`);
}
