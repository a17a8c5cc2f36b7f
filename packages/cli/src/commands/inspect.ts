import {
  type ChannelGroup,
  type ChannelMap,
  channelMap,
  inferShapes,
  layerCosts,
  type Network,
  networkCost,
} from '@espalier/network';
import type { Command } from 'commander';
import { printJson } from '../json.ts';
import {
  type GroupsOption,
  type JsonOption,
  MODEL,
  type ModelOptions,
  withGroupsOption,
  withJson,
  withModelOptions,
} from '../options.ts';
import { inspectionText } from '../render/inspection.ts';
import { readModel } from '../stages/model.ts';
import { type Context, print } from '../terminal.ts';

const HELP = `
Prints the input, params and MACs, the cost of every layer, and the channel groups: channels that can only
go together (through an addition, a depthwise convolution, a concatenation ...), with the reason where a
group cannot be pruned.

Examples:
  espalier inspect net.onnx
  espalier inspect net.onnx --json | jq '.groups[] | select(.prunable | not) | {id, reason}'`;

export function registerInspect(program: Command, context: Context): void {
  const command = program.command('inspect').summary('show layers, cost and channel groups');
  command
    .description('Shows what a model is made of, what it costs and what can be pruned.')
    .argument(...MODEL);
  withModelOptions(withGroupsOption(withJson(command)))
    .addHelpText('after', HELP)
    .action((model: string, options: ModelOptions & GroupsOption & JsonOption) =>
      inspect(model, options, context),
    );
}

/** What `espalier inspect --json` prints. */
export interface Inspection {
  readonly name: string;
  readonly params: number;
  readonly macs: number;
  /** [n, c, h, w] for one image. */
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly layers: ReturnType<typeof layerCosts>;
  readonly groups: readonly Pick<
    ChannelGroup,
    'id' | 'width' | 'channelsPerUnit' | 'prunable' | 'reason' | 'inexact' | 'producers' | 'consumers'
  >[];
  readonly preprocessing: Network['metadata'] | null;
}

async function inspect(
  model: string,
  options: ModelOptions & GroupsOption & JsonOption,
  context: Context,
): Promise<void> {
  const network = await readModel(model, options, context);
  const map = channelMap(network, { allowInexact: options.allowInexact ?? false });
  const inspection = inspectionOf(network, map);
  if (options.json) printJson(inspection);
  else print(inspectionText(inspection));
}

function inspectionOf(network: Network, map: ChannelMap): Inspection {
  const [input] = network.inputs;
  const shape = inferShapes(network, 1).get(input?.name ?? '') ?? [];
  return {
    name: network.name,
    ...networkCost(network),
    input: { name: input?.name ?? '', shape },
    layers: layerCosts(network),
    groups: map.groups.map(({ firstUnit: _, ...group }) => group),
    preprocessing: network.metadata ?? null,
  };
}
