import { InputError } from '@espalier/errors';
import { type DataType, type Network, type Node, named } from '@espalier/network';
import { METADATA_KEY } from '../../metadata.ts';
import { attr } from '../graph-attributes.ts';
import type { WeightsGroup } from '../model-json.ts';
import type { NodeDef } from '../node-def.ts';
import type { TfjsFiles } from '../read-files.ts';
import { arithmeticRules } from './arithmetic.ts';
import { convolutionRules } from './convolutions.ts';
import { GraphWriter } from './graph-writer.ts';
import { layoutRules } from './layout.ts';
import { normalizationRules } from './normalizations.ts';
import { pointwiseRules } from './pointwise.ts';
import { resamplingRules } from './resampling.ts';
import type { WriteRule } from './rule.ts';
import { windowRules } from './windows.ts';

const rules: ReadonlyMap<string, WriteRule> = new Map(
  Object.entries({
    ...arithmeticRules,
    ...convolutionRules,
    ...layoutRules,
    ...normalizationRules,
    ...pointwiseRules,
    ...resamplingRules,
    ...windowRules,
  }),
);

/** As the converter of TensorFlow.js has them. */
const SHARD_BYTES = 4 << 20;

const types: Readonly<Partial<Record<DataType, string>>> = {
  bool: 'DT_BOOL',
  float32: 'DT_FLOAT',
  int8: 'DT_INT8',
  int32: 'DT_INT32',
  int64: 'DT_INT64',
  uint8: 'DT_UINT8',
};

/**
 * A network as a graph model of TensorFlow.js. Inputs and outputs keep their names and the order of their axes; what
 * lies between is said with the channels last, as TensorFlow.js has them.
 *
 * @param name of the model.json
 * @throws {InputError} which names the node that has no counterpart there, and what to do
 */
export function graphModelOf(network: Network, name: string): TfjsFiles {
  const to = new GraphWriter(network);
  refuseTail(network);
  for (const { name: input, shape, type = 'float32' } of network.inputs) {
    const own = types[type];
    if (own === undefined) throw new InputError(`input "${input}" is ${type}, which TensorFlow.js has not`);
    to.input(input, own, shape);
  }
  for (const node of network.nodes) if (!to.isOver(node)) ruleOf(node, to)(node, to);
  to.finish();
  return filesOf(network, to, name);
}

function ruleOf(node: Node, to: GraphWriter): WriteRule {
  const found = node.opaque ? undefined : rules.get(node.op);
  if (found) return found;
  throw to.refusal(node, node.opaque?.why ?? 'it has no counterpart there');
}

/** Decisions after the outputs are left out by who asks for it alone. */
function refuseTail({ tail, outputs }: Network): void {
  const [first] = tail?.nodes ?? [];
  if (!first) return;
  throw new InputError(
    `${named(first)} decides by the network's outputs, and is not written for TensorFlow.js; end before it: ${outputs.map((each) => `--output ${each}`).join(' ')}`,
  );
}

function filesOf({ inputs, outputs, metadata }: Network, to: GraphWriter, name: string): TfjsFiles {
  const constants = [...to.weights.values()].map(({ spec: { name: own, dtype, shape } }): NodeDef => {
    const type = dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
    const tensorShape = { dim: shape.map((size) => ({ size: String(size) })) };
    return {
      name: own,
      op: 'Const',
      input: [],
      attr: { dtype: attr.type(type), value: { tensor: { dtype: type, tensorShape } } },
    };
  });
  const nodes = [...constants, ...to.nodes];
  const signature = {
    inputs: Object.fromEntries(
      inputs.map(({ name: input, shape, type = 'float32' }) => [
        input,
        { name: `${to.nameOf(input)}:0`, dtype: types[type], tensorShape: attr.shape(shape).shape },
      ]),
    ),
    outputs: Object.fromEntries(
      outputs.map((output) => [
        output,
        {
          name: `${to.nameOf(output)}:0`,
          dtype: 'DT_FLOAT',
          tensorShape: attr.shape(to.shape(output)).shape,
        },
      ]),
    ),
  };
  const specs = [...to.weights.values()].map(({ spec }) => spec);
  const manifest: WeightsGroup[] = [{ paths: ['group1-shard1of1.bin'], weights: specs }];
  const json = {
    format: 'graph-model',
    generatedBy: 'espalier',
    convertedBy: 'espalier',
    signature,
    ...(metadata ? { userDefinedMetadata: { [METADATA_KEY]: metadata } } : {}),
    modelTopology: { node: nodes, library: {}, versions: {} },
    weightsManifest: manifest,
  };
  const values = (of: readonly string[]) =>
    of.map((each) => ({ value: to.nameOf(each), shape: to.shape(each) }));
  return {
    name,
    json,
    nodes,
    manifest,
    signature: { inputs: values(inputs.map((input) => input.name)), outputs: values(outputs) },
    weights: to.weights,
    shards: [[SHARD_BYTES]],
  };
}
