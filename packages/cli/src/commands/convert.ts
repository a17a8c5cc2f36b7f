import path from 'node:path';
import { convertModel, readModel } from '@espalier/pipeline';
import type { Command } from 'commander';
import { terminalObserver } from '../computing.ts';
import { show } from '../json.ts';
import {
  askedOf,
  type JsonOption,
  MODEL,
  type ModelOptions,
  withJson,
  withModelOptions,
} from '../options.ts';
import { type ConversionReport, conversionText } from '../render/conversion.ts';
import { checkOutputs } from '../stages/output.ts';
import type { Context } from '../terminal.ts';

const HELP = `
The extension of --out decides the format: .onnx, or .json for a TensorFlow.js model, with its weights beside it. Both
files are run on a random image, one in TensorFlow.js and the other in ONNX Runtime, and the differences are printed. If
an output differs, nothing is written.

An ONNX file made from a TensorFlow.js model (also a LayersModel) can be converted back to that model, even after
pruning. Any other network, also one of Keras, becomes a graph model (tf.loadGraphModel) with the same inputs and outputs
in the same axis order. A node without a counterpart there is refused; --output ends before it.

Examples:
  espalier convert model.json --out net.onnx
  espalier convert half.onnx --out web/model.json
  espalier convert net.keras --out net.onnx
  espalier convert detector.onnx --output scores --output boxes --out web/model.json`;

interface Options extends ModelOptions, JsonOption {
  readonly out: string;
}

export function registerConvert(program: Command, context: Context): void {
  const command = program.command('convert').summary('write a model as ONNX, or for TensorFlow.js');
  command
    .description('Writes a model as ONNX, or as a TensorFlow.js model, and compares the outputs of both.')
    .argument(...MODEL)
    .requiredOption('--out <file>', 'the file to write (.onnx, or .json for TensorFlow.js)');
  withModelOptions(withJson(command))
    .addHelpText('after', HELP)
    .action((model: string, options: Options) => convert(model, options, context));
}

async function convert(file: string, options: Options, context: Context): Promise<void> {
  await checkOutputs({ '--out': options.out }, [file, options.preprocessing]);
  const observer = terminalObserver(context);
  const asked = askedOf(options);
  const network = await readModel({ ...asked, file }, observer);
  const conversion = await convertModel({ ...asked, file }, options.out, network, observer);
  const report: ConversionReport = { ...conversion, out: path.relative('.', options.out) || options.out };
  show(report, options, conversionText);
}
