import path from 'node:path';
import { profileDevice, removeJournal, writeProfile } from '@espalier/latency';
import { counting, openEngineOf, readModel } from '@espalier/pipeline';
import type { Command } from 'commander';
import { terminalObserver } from '../computing.ts';
import { printJson } from '../json.ts';
import { askedOf, MODEL, type RunOptions, wholeNumber, withRunOptions } from '../options.ts';
import { openClient } from '../remote/login.ts';
import { pushedText, pushProfile } from '../remote/push-profile.ts';
import { profileText } from '../render/profile.ts';
import { checkOutputs } from '../stages/output.ts';
import { type Context, print } from '../terminal.ts';

const HELP = `
Measures the latency of the model and of a few dozen of its pruned structures on this machine, and fits the time of each
kind of layer at any width. Let nothing else run meanwhile. Ten further structures show how good the prediction is; the
file has their errors. Run it on the target device, with its batch size and threads; the file can be used anywhere. A
stopped profile continues where it stopped.

Examples:
  espalier profile net.onnx --out device.json
  espalier profile net.onnx --out device.json --upload       also shows it to the team on its platform
  espalier profile net.onnx --threads 1 --batch 32 --device "Raspberry Pi 5" --out pi.json
  espalier measure half.onnx --profile device.json      its prediction, beside the measurement here`;

interface Options extends RunOptions {
  readonly out: string;
  readonly device?: string;
  readonly batch: number;
  readonly structures: number;
  readonly repeats?: number;
  readonly upload?: boolean;
}

export function registerProfile(program: Command, context: Context): void {
  const command = program.command('profile').summary('measure the time of layers of any width on a device');
  command
    .description("Measures the time of a model's layers at any width on this device.")
    .argument(...MODEL)
    .requiredOption('--out <file>', 'where to write the profile (JSON)')
    .option('--device <name>', 'name of this device (default: its processor)')
    .option('--batch <n>', 'images a run', wholeNumber(1), 1)
    .option('--structures <n>', 'structures to measure', wholeNumber(2), 40)
    .option(
      '--repeats <n>',
      'timed runs of each (default: as many as fit into three seconds for a few structures together)',
      wholeNumber(1),
    );
  command.option('--upload', 'also send the profile to a platform');
  withRunOptions(command)
    .addHelpText('after', HELP)
    .action((model: string, options: Options) => profileModel(model, options, context));
}

async function profileModel(model: string, options: Options, context: Context): Promise<void> {
  const observer = terminalObserver(context);
  const { out, device, batch, structures, repeats, seed } = options;
  // Not after minutes.
  const client = options.upload ? await openClient() : null;
  await checkOutputs({ '--out': out }, [model]);
  const network = await readModel({ ...askedOf(options), file: model }, observer);
  const engine = await openEngineOf(options);
  const journal = `${out}.part`;
  try {
    const profile = await profileDevice({
      ...{ network, engine, device, batch, structures, repeats, seed, journal, signal: context.signal },
      onProgress: counting(observer, 'profiling', 'structures'),
    });
    context.terminal.endProgress();
    await writeProfile(out, profile);
    await removeJournal(journal);
    const pushed = client && (await pushProfile(client, out, null, context));
    if (options.json) return printJson({ ...profile, out, ...(pushed ? { pushed } : {}) });
    print(`${profileText(profile)}\nwritten to ${path.relative('.', out) || out}`);
    if (pushed) print(pushedText(pushed));
  } finally {
    await engine.dispose();
  }
}
