import { readBy } from '@espalier/errors';
import { mergeShards, type SweepShard, sweepShardSchema } from '@espalier/pruning';
import type { Command } from 'commander';
import { show } from '../json.ts';
import { type JsonOption, withJson } from '../options.ts';
import { sweepText } from '../render/sweep.ts';
import { readJson } from '../stages/json-file.ts';
import { checkOutputs } from '../stages/output.ts';
import type { Context } from '../terminal.ts';
import { writeSweep } from './sweep.ts';

const HELP = `
The result is byte for byte that of one sweep over all images.

Example:
  espalier sweep net.onnx --dataset cifar10 --shard 1/2 --out part1.json    on one machine
  espalier sweep net.onnx --dataset cifar10 --shard 2/2 --out part2.json    on another
  espalier merge part1.json part2.json --out net.sweep.json`;

interface Options extends JsonOption {
  readonly out: string;
  readonly heatmap?: string;
}

export function registerMerge(program: Command, _context: Context): void {
  const command = program.command('merge').summary('join the shards of a sweep split over machines');
  command
    .description('Joins the files that sweep --shard wrote into one sweep.')
    .argument('<shards...>', 'the files of all shards')
    .requiredOption('--out <file>', 'write the sweep (JSON), for prune --sweep')
    .option('--heatmap <file>', 'write the contribution matrix as a picture (SVG)');
  withJson(command).addHelpText('after', HELP).action(merge);
}

async function merge(files: readonly string[], options: Options): Promise<void> {
  await checkOutputs({ '--out': options.out, '--heatmap': options.heatmap }, files);
  const shards: SweepShard[] = [];
  for (const file of files) shards.push(await readShard(file));
  const run = mergeShards(shards);
  await writeSweep(run, options);
  show(run, options, () => sweepText({ run }));
}

async function readShard(file: string): Promise<SweepShard> {
  const what = `${file} is not a shard of a sweep: give a file that sweep --shard wrote`;
  return readBy(sweepShardSchema, await readJson(file), what);
}
