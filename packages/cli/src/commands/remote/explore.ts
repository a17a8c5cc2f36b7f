import { InputError } from '@espalier/errors';
import { type AskedTarget, TARGET_FORMS } from '@espalier/pruning';
import type { Command } from 'commander';
import { MisuseError } from '../../failure.ts';
import { jsonText, show } from '../../json.ts';
import {
  type JsonOption,
  type LimitOptions,
  repeatable,
  targetValue,
  wholeNumber,
  withJson,
  withLimitOptions,
} from '../../options.ts';
import { checkEnding, download } from '../../remote/download.ts';
import { type Explored, explore, samplingOf } from '../../remote/explore.ts';
import { openClient } from '../../remote/login.ts';
import { exploredText } from '../../render/explored.ts';
import { checkOutputs, writeText } from '../../stages/output.ts';
import type { Context } from '../../terminal.ts';

interface Options extends JsonOption, LimitOptions {
  readonly target: AskedTarget;
  readonly device?: string;
  readonly allocation: string[];
  readonly seed: number;
  readonly out?: string;
}

const HELP = `
Shows the structures that allocations find for a target, from a finished sampling of a run or an imported one. Nothing is
evaluated, so the answer is immediate. With one --allocation and --out, the pruned network is downloaded and its
structure written beside it: the units that each group keeps, and the indices that every weight tensor keeps.

Examples:
  espalier explore run_01j... --target macs=0.5
  espalier explore sample_01j... --target latency=0.5 --device "Raspberry Pi 5"
  espalier explore run_01j... --target params=0.7 --allocation cie --allocation uniform --align 8
  espalier explore run_01j... --target macs=0.5 --allocation cie --out half.onnx
  espalier explore run_01j... --target macs=0.5 --json`;

export function registerExplore(program: Command, context: Context): void {
  const command = program
    .command('explore')
    .summary('compare the structures of all allocations for a target')
    .description(
      'The structures of all allocations for a target, side by side, from a sampling of a platform.',
    )
    .argument('<id>', 'run_..., or sample_...')
    .requiredOption('--target <metric=share>', `what to remove: ${TARGET_FORMS}`, targetValue)
    .option('--device <name>', 'whose profile predicts latency: a device, or profile_...')
    .option('--allocation <name>', 'only this one (repeatable; default: all)', repeatable(String), [])
    .option('--seed <n>', 'seed of an allocation with random draws', wholeNumber(0), 0)
    .option(
      '--out <file>',
      'the file for the network (.onnx, or .zip for TensorFlow.js), with its structure beside it (.structure.json)',
    );
  withJson(withLimitOptions(command))
    .addHelpText('after', HELP)
    .action((id: string, options: Options) => exploreRun(id, options, context));
}

async function exploreRun(id: string, options: Options, { terminal }: Context): Promise<void> {
  const { target, device, allocation, seed, out, align, minWidth, maxRatio, keep } = options;
  if (target.metric === 'latency' && device === undefined) {
    throw new MisuseError(
      'a latency target needs a device profile: give --device NAME (espalier devices list shows them)',
    );
  }
  if (out !== undefined && allocation.length !== 1) {
    throw new MisuseError('--out writes the structure of one allocation: name it with --allocation');
  }
  const structureFile = out?.replace(/(\.onnx|\.zip)?$/, '.structure.json');
  await checkOutputs({ '--out': [out, structureFile] });
  const client = await openClient();
  const sampling = await samplingOf(client, id);
  // It is what the model came as; nothing of Keras is written.
  if (out !== undefined) checkEnding(out, (sampling.model?.format ?? 'ONNX') === 'ONNX' ? '.onnx' : '.zip');
  const found = await explore(client, sampling, {
    ...{ target, device, seed, allocations: allocation.length > 0 ? allocation : null },
    limits: { align, minWidth, maxRatio, keep: [...keep] },
  });
  const told = { sampling: sampling.id, criterion: sampling.criterion, target, ...found };
  if (out === undefined || structureFile === undefined) {
    show(told, options, () => exploredText(found, sampling));
    return;
  }
  const structure = onlyOne(found);
  const wanted = {
    id,
    downloadUrl: structure.onnx,
    sha256: null,
    what: `the network of ${structure.allocation}`,
  };
  const written = await download(client, wanted, out, terminal);
  const { structures: _, refused: __, ...about } = told;
  const { onnx: ___, groups, ...kept } = structure;
  // As espalier prune --json tells it, which scripts read.
  await writeText(structureFile, jsonText({ ...about, ...kept, structure: groups }));
  show({ ...told, out: written.file, sha256: written.sha256, structureFile }, options, () =>
    [exploredText(found, sampling), `written to ${out} and ${structureFile}`].join('\n'),
  );
}

function onlyOne({ structures, refused }: Explored): Explored['structures'][number] {
  const [found] = structures;
  if (found) return found;
  throw new InputError(refused[0] ? `${refused[0].allocation}: ${refused[0].reason}` : 'it found nothing');
}
