import { readModel } from '@espalier/pipeline';
import type { Command } from 'commander';
import { terminalObserver } from '../computing.ts';
import { show } from '../json.ts';
import {
  askedOf,
  type GroupsOption,
  type JsonOption,
  MODEL,
  type ModelOptions,
  withGroupsOption,
  withJson,
  withModelOptions,
} from '../options.ts';
import { inspectionText } from '../render/inspection.ts';
import { inspectionOf } from '../stages/inspection.ts';
import type { Context } from '../terminal.ts';

const HELP = `
Prints the input, params and MACs, the cost of every layer, and the channel groups: channels that can only
be removed together (because of an addition, a depthwise convolution, a concatenation ...), with the reason if a
group cannot be pruned.

Examples:
  espalier inspect net.onnx
  espalier inspect net.onnx --json | jq '.groups[] | select(.prunable | not) | {id, reason}'`;

export function registerInspect(program: Command, context: Context): void {
  const command = program.command('inspect').summary('show layers, cost and channel groups');
  command.description('Shows the layers of a model, their cost and what can be pruned.').argument(...MODEL);
  withModelOptions(withGroupsOption(withJson(command)))
    .addHelpText('after', HELP)
    .action((model: string, options: ModelOptions & GroupsOption & JsonOption) =>
      inspect(model, options, context),
    );
}

async function inspect(
  model: string,
  options: ModelOptions & GroupsOption & JsonOption,
  context: Context,
): Promise<void> {
  const network = await readModel({ ...askedOf(options), file: model }, terminalObserver(context));
  show(inspectionOf(network, options.allowInexact ?? false), options, inspectionText);
}
