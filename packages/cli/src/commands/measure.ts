import path from 'node:path';
import { measure } from '@espalier/engines';
import { counting, openEngineOf, provenance, readModel } from '@espalier/pipeline';
import type { Command } from 'commander';
import { terminalObserver } from '../computing.ts';
import { printJson } from '../json.ts';
import { MODEL, type RunOptions, wholeNumber, withRunOptions } from '../options.ts';
import { measurementText } from '../render/measurement.ts';
import { type Context, print } from '../terminal.ts';

const HELP = `
Times runs on random input. Runs of both models are interleaved, so that whatever else the machine does meets
them alike; the speedup is the other model's median latency over this one's.

Examples:
  espalier measure net.onnx
  espalier measure half.onnx --against net.onnx --batch 32 --threads 1`;

interface Options extends RunOptions {
  readonly against?: string;
  readonly batch: number;
  readonly repeats?: number;
}

export function registerMeasure(program: Command, context: Context): void {
  const command = program.command('measure').summary('measure latency and throughput');
  command
    .description('Measures the latency and throughput of a model, or of two side by side.')
    .argument(...MODEL)
    .option('--against <model>', 'the model to compare with')
    .option('--batch <n>', 'images a run', wholeNumber(1), 1)
    .option(
      '--repeats <n>',
      'timed runs of each model (default: as many as fit into three seconds)',
      wholeNumber(1),
    );
  withRunOptions(command)
    .addHelpText('after', HELP)
    .action((model: string, options: Options) => measureModels(model, options, context));
}

async function measureModels(model: string, options: Options, context: Context): Promise<void> {
  const observer = terminalObserver(context);
  const { against: second, preprocessing = null, batch, repeats } = options;
  const network = await readModel(model, preprocessing, observer);
  const other = second === undefined ? null : await readModel(second, preprocessing, observer);
  const engine = await openEngineOf(options);
  try {
    const subjects = other ? [network, other] : [network];
    const { signal } = context;
    const onProgress = counting(observer, 'measuring', 'runs');
    const [ours, theirs] = await measure(engine, subjects, { batch, repeats, signal, onProgress });
    context.terminal.endProgress();
    if (!ours) throw new Error('nothing was measured');
    const against = theirs ? { against: theirs, speedup: theirs.latencyMs.p50 / ours.latencyMs.p50 } : {};
    if (options.json) {
      printJson({ ...ours, ...against, provenance: provenance({ network, engine, seed: options.seed }) });
    } else {
      const named = [{ name: path.basename(model), measurement: ours }];
      if (theirs && second) named.push({ name: path.basename(second), measurement: theirs });
      print(`${measurementText(named)}\n${engine.description}`);
    }
  } finally {
    await engine.dispose();
  }
}
