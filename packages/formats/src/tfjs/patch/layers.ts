import { CannotPatch } from '../../onnx/patch/cannot-patch.ts';
import { graphOfLayers } from '../layers/graph-of.ts';
import type { WeightsGroup } from '../model-json.ts';
import type { TfjsFiles } from '../read-files.ts';
import type { StoredWeight } from '../weights.ts';
import type { Encoder } from '../weights-written.ts';
import type { GraphEdit } from './graph-edit.ts';

/** Where a layer says how many channels it makes: the setting, and which axis of which weight it follows. */
const counted: Readonly<Record<string, readonly [setting: string, kind: string, axis: number]>> = {
  Conv2D: ['filters', 'kernel', 3],
  Conv2DTranspose: ['filters', 'kernel', 2],
  Dense: ['units', 'kernel', 1],
  SeparableConv2D: ['filters', 'pointwise_kernel', 3],
};

/**
 * A LayersModel with what was edited in its graph: weights, how many channels layers make, biases that are new.
 *
 * @throws {CannotPatch} for what no layer says
 */
export function editedLayers(given: TfjsFiles, edit: GraphEdit, encode: Encoder): TfjsFiles {
  const layers: Record<string, unknown> = structuredClone({ ...given.layers });
  const { made } = graphOfLayers(layers, given.weights);
  const biases = newBiases(given, edit);
  const weights = new Map<string, StoredWeight>();
  const last = given.manifest.length - 1;
  const manifest = given.manifest.map((group, g): WeightsGroup => {
    const added = g === last ? [...biases.keys()] : [];
    const names = [...group.weights.map(({ name }) => name), ...added];
    return {
      ...group,
      weights: names.map((name) => {
        const before = given.weights.get(name);
        const changed = edit.weights.get(biases.get(name) ?? name);
        const written = changed ? encode(name, changed, before?.spec) : before;
        if (!written) throw new CannotPatch(`there is no weight "${name}"`);
        weights.set(name, { spec: written.spec, bytes: written.bytes });
        return written.spec;
      }),
    };
  });
  for (const { layer, kind, weight } of made.reads) {
    const config = layer.config as Record<string, unknown>;
    const [setting, from, axis = 0] = counted[layer.className] ?? [];
    const count = weights.get(weight)?.spec.shape[axis];
    if (setting !== undefined && kind === from && count !== undefined) config[setting] = count;
    if (biases.has(biasBeside(weight))) config.use_bias = true;
  }
  for (const { layer, value } of made.calls) {
    const shape = edit.weights.get(`${value.name}/shape`);
    if (layer.className !== 'Reshape' || !shape) continue;
    const target = new Int32Array(new Uint8Array(shape.rawData).buffer);
    (layer.config as Record<string, unknown>).target_shape = [...target].slice(1);
  }
  setShapes(layers, weights);
  const { nodes, weights: read, signature, made: again } = graphOfLayers(layers, weights);
  const json = { ...given.json, modelTopology: layers, weightsManifest: manifest };
  return {
    ...given,
    layers,
    json,
    manifest,
    nodes,
    signature,
    made: again,
    weights: new Map([...weights, ...read]),
  };
}

/** What comes after the layers that make fewer channels, and says so by itself. */
function setShapes(layers: Record<string, unknown>, weights: ReadonlyMap<string, StoredWeight>): void {
  for (const { layer, value } of graphOfLayers(layers, weights).made.inner) {
    const shape = value.shape.map((extent) => (extent === -1 ? null : extent));
    const config = layer.config as Record<string, unknown>;
    for (const name of ['batch_input_shape', 'batch_shape'])
      if (Array.isArray(config[name])) config[name] = shape;
  }
}

function biasBeside(kernel: string): string {
  return kernel.replace(/[^/]*kernel$/, 'bias');
}

/** By the names that they get, what the edited graph calls them. */
function newBiases(given: TfjsFiles, edit: GraphEdit): Map<string, string> {
  const { nodes } = edit.result();
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const before = new Map(given.nodes.map((node) => [node.name, node]));
  const biases = new Map<string, string>();
  for (const { name, op, input = [] } of nodes) {
    const isNew = before.get(name)?.op !== op;
    if (!isNew || op === 'Const') continue;
    const layer = op === 'BiasAdd' ? byName.get(input[0] ?? '') : byName.get(name);
    const kernel = layer?.input?.[1] ?? '';
    const bias = input[op === 'BiasAdd' ? 1 : 2] ?? '';
    if (edit.weights.has(bias) && kernel.endsWith('kernel')) biases.set(biasBeside(kernel), bias);
    else if (op !== 'Conv2DBackpropInput') throw new CannotPatch(`${op} "${name}" is no layer of its model`);
  }
  return biases;
}
